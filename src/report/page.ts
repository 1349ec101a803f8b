/** The frame that every page of the project has: one HTML file that loads nothing from outside. */
import { html } from './html-parts.ts';
import { pageStyle } from './page-style.ts';

export interface Page {
  /** Plain text. */
  readonly title: string;
  /** HTML. */
  readonly body: string;
  /** CSS beside that of every page. */
  readonly style?: string;
  /** A content security policy in place of the one that runs no script. */
  readonly policy?: string;
}

const noScripts = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** @returns UTF-8 HTML */
export const renderPage = ({ title, body, style = '', policy = noScripts }: Page): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>medchaos: ${html(title)}</title>
<link rel="icon" href="data:,">
<style>${pageStyle}${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
