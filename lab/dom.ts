/** Short ways to the elements of page.html. */

/** @throws Error for an id that page.html does not have */
export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const element = document.getElementById(id);
  if (!element) throw new Error(`page.html has no element ${id}`);
  return element as Kind;
}

export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  text = '',
  attributes: Readonly<Record<string, string>> = {},
  children: readonly Node[] = [],
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** The status line of a part; screen readers say it. */
export function say(id: string, text: string, mood: 'plain' | 'good' | 'bad' = 'plain'): void {
  const line = byId(id);
  line.textContent = text;
  line.className = `status ${mood}`;
}

/** Files that are chosen by the input, or dropped on the field around it. */
export function onFiles(field: string, input: string, take: (files: readonly File[]) => void): void {
  const [area, chooser] = [byId(field), byId<HTMLInputElement>(input)];
  chooser.addEventListener('change', () => chooser.files?.length && take([...chooser.files]));
  const over = (on: boolean) => (event: DragEvent) => {
    event.preventDefault();
    area.classList.toggle('over', on);
  };
  area.addEventListener('dragover', over(true));
  area.addEventListener('dragleave', over(false));
  area.addEventListener('drop', (event) => {
    over(false)(event);
    if (event.dataTransfer?.files.length) take([...event.dataTransfer.files]);
  });
}

/** Heading and list of one part of a result. */
export const listed = (title: string, lines: readonly string[]): HTMLElement[] =>
  lines.length === 0
    ? []
    : [
        make('h3', title),
        make(
          'ul',
          '',
          { class: 'findings' },
          lines.map((line) => make('li', line)),
        ),
      ];
