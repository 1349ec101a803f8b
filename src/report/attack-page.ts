/** The page of `attack --out DIR`: the attack section alone, one HTML file that loads nothing from outside. */
import { type AttackShown, attackSection } from './attack-section.ts';
import { renderPage } from './page.ts';

/**
 * @param folder of the pictures, FOLDER/<scheme>/<name>/<stem>.png
 * @returns UTF-8 HTML, pictures inside
 */
export const renderAttacks = async (attacks: readonly AttackShown[], folder: string): Promise<string> =>
  renderPage({
    title: 'attacks',
    body: `<header>
<h1>Attacks</h1>
<p class="subtitle">What an attacker gets out of each scheme, run for real.</p>
</header>
<main>
${await attackSection(attacks, folder)}
</main>
<footer><p>Made by medchaos; the numbers are in attacks.json, the pictures at full size in the folders beside it.</p></footer>`,
  });
