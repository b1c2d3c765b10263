// Every dependency's licence must be one that may be used in a product under MIT or Apache-2.0.
import { execFileSync } from 'node:child_process';

const allowed = new Set([
  'MIT', 'Apache-2.0', 'Apache-2.0 WITH LLVM-exception', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'Zlib', 'Unicode-3.0',
  'CC0-1.0', '0BSD', 'BSL-1.0', 'Unlicense', 'CDLA-Permissive-2.0', 'MIT-0',
]);

/** Whether an SPDX expression can be met with allowed licences alone. Older crates write `/` for OR. */
const met = (expression) =>
  expression.replaceAll('/', ' OR ').replace(/[()]/g, '').split(/\s+AND\s+/)
    .every((part) => part.split(/\s+OR\s+/).some((licence) => allowed.has(licence.trim())));

const platforms = ['x86_64-unknown-linux-gnu', 'wasm32-unknown-unknown'].flatMap((name) => ['--filter-platform', name]);
const { packages } = JSON.parse(
  execFileSync('cargo', ['metadata', '--locked', '--format-version', '1', ...platforms], { maxBuffer: 1 << 28 }),
);
const refused = packages.filter(({ license }) => !license || !met(license));
for (const { name, version, license } of refused) console.error(`!! ${name} ${version}: ${license ?? 'no licence given'}`);
console.log(`${packages.length} packages, ${refused.length} with a licence that may not be used`);
process.exit(refused.length ? 1 : 0);
