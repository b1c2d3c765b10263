//! Makes of the compiled frontend what a browser loads: JavaScript bindings, an optimised module, one
//! style sheet; under names that change with their content, compressed once, with their sizes told.
//!
//! It does what cargo-leptos does after compiling, without having to be installed first.
//! `bundle MODULE.wasm SITE_FOLDER HASH_FILE`, from the workspace's root.

use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const NAME: &str = "customer-logs";
const STYLE: &str = "style";
/// What the Logs page may weigh, compressed: JavaScript, WebAssembly and CSS together.
const LIMIT: usize = 300_000;

/// What Rust's target uses, and every browser of the last years knows.
const FEATURES: [&str; 6] = [
    "bulk-memory",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
];

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [module, site, hash_file] = arguments.as_slice() else {
        eprintln!("usage: bundle MODULE.wasm SITE_FOLDER HASH_FILE");
        return ExitCode::from(2);
    };
    match bundle(module, site, hash_file) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bundle: {error}");
            ExitCode::FAILURE
        }
    }
}

fn bundle(module: &Path, site: &Path, hash_file: &Path) -> Outcome<()> {
    let scratch = site.with_extension("scratch");
    fs::create_dir_all(&scratch)?;
    let mut bindgen = Bindgen::new();
    bindgen.web(true)?.omit_default_module_path(true).out_name(NAME).typescript(false);
    let mut module = walrus::ModuleConfig::new().strict_validate(false).parse_file(module)?;
    println!("  {} functions for lazy hydration left out", leave_out_lazy_hydration(&mut module)?);
    bindgen.input_module(NAME, module).generate(&scratch)?;

    let js = minified(&fs::read_to_string(scratch.join(format!("{NAME}.js")))?, "js")?;
    let wasm = optimised(&scratch.join(format!("{NAME}_bg.wasm")))?;
    let css = inlined(&fs::read_to_string(Path::new(STYLE).join("main.css"))?)?;
    let css = minified(&css, "css")?;

    let package = site.join("pkg");
    match fs::remove_dir_all(&package) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => fs::create_dir_all(&package)?,
    }
    let mut hashes = String::new();
    let mut total = 0;
    for (kind, bytes) in [("js", js), ("wasm", wasm), ("css", css)] {
        let hash = hash_of(&bytes);
        let size = write_all_forms(&package.join(format!("{NAME}.{hash}.{kind}")), &bytes)?;
        println!("  {kind:<4} {:>9} bytes, {size:>7} with brotli", bytes.len());
        total += size;
        writeln!(hashes, "{kind}: {hash}")?;
    }
    println!("  together {total} bytes with brotli; the limit is {LIMIT}");
    fs::write(hash_file, hashes)?;
    fs::copy(Path::new(STYLE).join("favicon.svg"), site.join("favicon.svg"))?;
    fs::remove_dir_all(&scratch)?;
    if total > LIMIT {
        return Err(format!("{} bytes over the limit", total - LIMIT).into());
    }
    Ok(())
}

/// The body of an async function of this name, as the compiler names it, and nothing inside of it: what is
/// inside may be alike with what hydrates at once, and is then shared with it under either name.
const LAZY_HYDRATION: &str = "13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$17h";

/// Every view carries the code for being hydrated step by step (`hydrate_lazy`), beside that for being
/// hydrated at once (`hydrate_body`), which is what the frontend calls. Both are in the views' tables of
/// functions, so no linker can tell that one of them is never called: 10 kB, compressed. They are made into
/// traps here, and wasm-opt then removes all that only they reach. If ever they were called, the page would
/// not come alive, and the first test of it would fail.
fn leave_out_lazy_hydration(module: &mut walrus::Module) -> Outcome<usize> {
    let lazy: Vec<_> = module
        .funcs
        .iter_local()
        .filter(|(id, _)| {
            let name = module.funcs.get(*id).name.as_deref().unwrap_or_default();
            name.contains(LAZY_HYDRATION)
        })
        .map(|(id, function)| (id, function.ty(), function.args.clone()))
        .collect();
    if lazy.is_empty() {
        return Err("no function is named hydrate_async: has the framework changed?".into());
    }
    for (id, kind, arguments) in &lazy {
        let (parameters, results) = module.types.params_results(*kind);
        let (parameters, results) = (parameters.to_vec(), results.to_vec());
        let mut trap = walrus::FunctionBuilder::new(&mut module.types, &parameters, &results);
        trap.func_body().unreachable();
        module.funcs.get_mut(*id).kind =
            walrus::FunctionKind::Local(trap.local_func(arguments.clone()));
    }
    Ok(lazy.len())
}

/// The module after wasm-opt, which the npm package `binaryen` brings.
fn optimised(module: &Path) -> Outcome<Vec<u8>> {
    let output = module.with_extension("opt.wasm");
    let status = Command::new(tool("wasm-opt")?)
        .args(["-Oz", "--strip-producers"])
        .args(FEATURES.map(|feature| format!("--enable-{feature}")))
        .arg("-o")
        .args([&output, module])
        .status()?;
    if !status.success() {
        return Err(format!("wasm-opt ended with {status}").into());
    }
    Ok(fs::read(output)?)
}

/// The style sheet with the sheets that it imports in their place.
fn inlined(main: &str) -> Outcome<String> {
    let mut text = String::new();
    for line in main.lines() {
        match line.strip_prefix("@import \"/").and_then(|rest| rest.strip_suffix("\";")) {
            Some(sheet) => text.push_str(&fs::read_to_string(Path::new(STYLE).join(sheet))?),
            None => text.push_str(line),
        }
        text.push('\n');
    }
    Ok(text)
}

/// The text without what only people need, by esbuild, which npm brings.
fn minified(text: &str, loader: &str) -> Outcome<Vec<u8>> {
    let mut esbuild = Command::new(tool("esbuild")?)
        .args(["--minify", "--target=esnext", "--log-level=error"])
        .arg(format!("--loader={loader}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    // It reads all before it writes anything.
    esbuild.stdin.take().ok_or("esbuild has no input")?.write_all(text.as_bytes())?;
    let output = esbuild.wait_with_output()?;
    if !output.status.success() {
        return Err(format!("esbuild ended with {}", output.status).into());
    }
    Ok(output.stdout)
}

/// A program that npm brings.
fn tool(name: &str) -> Outcome<PathBuf> {
    let tool = Path::new("frontend/node_modules/.bin").join(name);
    if tool.exists() {
        Ok(tool)
    } else {
        Err(format!("{} is missing: run `npm ci --prefix frontend`", tool.display()).into())
    }
}

fn hash_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(10).fold(String::new(), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

/// Writes the file as it is, with brotli and with gzip; returns the size with brotli.
fn write_all_forms(path: &Path, bytes: &[u8]) -> Outcome<usize> {
    fs::write(path, bytes)?;
    let mut brotli = Vec::new();
    brotli::CompressorWriter::new(&mut brotli, 4096, 11, 22).write_all(bytes)?;
    fs::write(with_suffix(path, ".br"), &brotli)?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(bytes)?;
    fs::write(with_suffix(path, ".gz"), gzip.finish()?)?;
    Ok(brotli.len())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
