/** The page of `attack --out DIR`: the attack section alone, one HTML file that loads nothing from outside. */
import { type AttackShown, attackSection } from './attack-section.ts';
import { pageStyle } from './page-style.ts';

/**
 * @param folder of the pictures, FOLDER/<scheme>/<name>/<stem>.png
 * @returns UTF-8 HTML, pictures inside
 */
export const renderAttacks = async (
  attacks: readonly AttackShown[],
  folder: string,
): Promise<string> => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>medchaos: attacks</title>
<link rel="icon" href="data:,">
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>Attacks</h1>
<p class="subtitle">What an attacker gets out of each scheme, run for real.</p>
</header>
<main>
${await attackSection(attacks, folder)}
</main>
<footer><p>Made by medchaos; the numbers are in attacks.json, the pictures at full size in the folders beside it.</p></footer>
</body>
</html>
`;
