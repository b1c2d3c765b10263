import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The cells of a line of CSV. */
const cells = (line: string) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare);

/** Opens a workbook in LibreOffice, and gives what it shows in its first sheet, row by row. */
export function inSpreadsheet(file: string): string[][] {
  const folder = mkdtempSync(join(tmpdir(), 'spreadsheet-'));
  // A profile of its own: two at once would wait for each other.
  const profile = `-env:UserInstallation=file://${folder}/profile`;
  // Commas, quotes where they are needed, UTF-8, cells as they are shown.
  const filter = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true';
  execFileSync('soffice', [profile, '--headless', '--convert-to', filter, '--outdir', join(folder, 'out'), file], { stdio: 'pipe' });
  const [name] = readdirSync(join(folder, 'out'));
  const lines = readFileSync(join(folder, 'out', name), 'utf8').trim().split('\n');
  return lines.map(cells);
}
