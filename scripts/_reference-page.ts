/** The page of a run beside the files of it that are committed: links to the others are left out. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `Files: csv, md, tex.` becomes `Files: csv.` */
export const withoutDeadLinks = (page: string, isThere: (path: string) => boolean): string =>
  page.replaceAll(/ Files?: ((?:(?:, )?<a href="[^"#]+">\w+<\/a>)+)\./g, (_, links: string) => {
    const live = links.split(', ').filter((link) => isThere(/href="([^"]+)"/.exec(link)![1]!));
    return live.length > 0 ? ` ${live.length > 1 ? 'Files' : 'File'}: ${live.join(', ')}.` : '';
  });

/** Copies RUN/report.html into the folder of a reference. */
export function copyPage(run: string, folder: string): void {
  const page = readFileSync(join(run, 'report.html'), 'utf8');
  writeFileSync(
    join(folder, 'report.html'),
    withoutDeadLinks(page, (path) => existsSync(join(folder, path))),
  );
}
