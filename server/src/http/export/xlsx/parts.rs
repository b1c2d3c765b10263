//! What a workbook's package holds beside the sheets.

use std::fmt::Write as _;

use super::super::written::Written;

/// What every part begins with.
pub(super) const DECLARATION: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
/// The namespace of what stands in sheets.
pub(super) const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// The styles of cells, by their place in [`fixed`]'s list.
pub(super) const HEADER: u32 = 1;
/// An instant, to the millisecond: spreadsheets show no more of it.
pub(super) const INSTANT: u32 = 2;

/// The name of a sheet's part.
pub(super) fn sheet_name(number: u32) -> String {
    format!("xl/worksheets/sheet{number}.xml")
}

/// The parts that are the same in every file.
pub(super) fn fixed(file: &mut Written) {
    part(
        "_rels/.rels",
        &format!(
            "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
             Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
        file,
    );
    part(
        "xl/styles.xml",
        &format!(
            "<styleSheet xmlns=\"{MAIN}\">\
             <numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss.000\"/></numFmts>\
             <fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font>\
             <font><b/><sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font></fonts>\
             <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>\
             <fill><patternFill patternType=\"gray125\"/></fill></fills>\
             <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
             <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
             <cellXfs count=\"3\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>\
             <xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>\
             <xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs>\
             <cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>\
             </styleSheet>"
        ),
        file,
    );
}

/// The parts that list the others, of a workbook with so many sheets of entries and one about them.
pub(super) fn list(sheets: u32, file: &mut Written) {
    let (mut names, mut targets, mut kinds) = (String::new(), String::new(), String::new());
    let about = sheets + 1;
    for number in 1..=about {
        let name = match number {
            _ if number == about => "About".to_owned(),
            1 => "Logs".to_owned(),
            _ => format!("Logs {number}"),
        };
        let part = sheet_name(number);
        let target = part.trim_start_matches("xl/");
        let _infallible =
            write!(names, "<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>");
        let _infallible = write!(
            targets,
            "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" Target=\"{target}\"/>"
        );
        let _infallible =
            write!(kinds, "<Override PartName=\"/{part}\" ContentType=\"{KIND}.worksheet+xml\"/>");
    }
    part(
        "xl/workbook.xml",
        &format!(
            "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><bookViews><workbookView/></bookViews>\
             <sheets>{names}</sheets></workbook>"
        ),
        file,
    );
    part(
        "xl/_rels/workbook.xml.rels",
        &format!(
            "<Relationships xmlns=\"{PACKAGE}/relationships\">{targets}<Relationship Id=\"rId{}\" \
             Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>",
            about + 1
        ),
        file,
    );
    part(
        "[Content_Types].xml",
        &format!(
            "<Types xmlns=\"{PACKAGE}/content-types\">\
             <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
             <Override PartName=\"/xl/workbook.xml\" ContentType=\"{KIND}.sheet.main+xml\"/>\
             <Override PartName=\"/xl/styles.xml\" ContentType=\"{KIND}.styles+xml\"/>{kinds}</Types>"
        ),
        file,
    );
}

fn part(name: &'static str, xml: &str, file: &mut Written) {
    file.begin(name);
    file.text.extend_from_slice(DECLARATION.as_bytes());
    file.text.extend_from_slice(xml.as_bytes());
}
