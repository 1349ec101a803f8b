/** Original names, and ledgers. */
import type { Draft, Flag, Group } from './vector.ts';

export const nameGroups = (): Group[] => [{ type: 'original-name', section: '11', drafts: names() }];
export const ledgerGroups = (): Group[] => [{ type: 'ledger', section: '12', drafts: ledgers() }];

function names(): Draft[] {
  const right = [
    'a.png',
    'Ward 3/Jane Röntgen.dcm',
    'a/b/c/d.txt',
    'a.b/c..d',
    'a:b',
    '-rf',
    '~/x',
    ' a',
    '影像/1.png',
  ];
  const wrong: [string, string][] = [
    ['', 'empty'],
    ['/etc/passwd', 'from the root'],
    ['../x', 'out of the folder'],
    ['a/../../x', 'out of the folder, later'],
    ['a/./b', 'a part of one point'],
    ['.bashrc', 'a hidden file'],
    ['a/.ssh/x', 'in a hidden folder'],
    ['a//b', 'an empty part'],
    ['a/', 'an empty part at the end'],
    ['a\\b', 'a backslash'],
    ['\\\\server\\x', 'a network path of Windows'],
    [':x', 'a colon first'],
    ['a\nb', 'a line end'],
    ['a\u0000b', 'a zero'],
    ['a\u007f', 'delete'],
    ['a\u0085b', 'a control character above 0x7F'],
  ];
  return [
    ...right.map((name, i) => ({
      id: `name-right-${i + 1}`,
      comment: 'a name to restore',
      input: { name },
      expected: { name },
    })),
    ...wrong.map(
      ([name, comment], i): Draft => ({
        id: `name-wrong-${i + 1}`,
        comment,
        flags: ['HostileName'],
        input: { name },
      }),
    ),
  ];
}

const claim = (id: string, attempt: string, more: object = {}): string =>
  `\n${JSON.stringify({ id, claim: attempt, file: 'a.cipher.png', ...more })}\n`;
const written = (attempt: string): string => `\n${JSON.stringify({ written: attempt })}\n`;
const pending = { pending: { out: '/elsewhere/a.png', inode: 1, pid: 1, host: 'another-host.invalid' } };

function ledgers(): Draft[] {
  const id = `nonce:${'0'.repeat(64)}`;
  const other = `nonce:${'1'.repeat(64)}`;
  const taken = `${claim(id, 'one', pending)}${claim(id, 'two', { ...pending, takes: 'one' })}`;
  const rows: [string, string, Flag[] | null, string | Buffer][] = [
    ['empty', 'an empty ledger', null, ''],
    ['other', 'another id', null, claim(other, 'one')],
    [
      'cut',
      'a line that a crash cut off, for the same id',
      null,
      `${claim(other, 'one')}\n{"id":"${id}","claim":"tw`,
    ],
    ['unknown', 'a line that is no claim', null, `${claim(other, 'one')}{"note":1}\n`],
    ['damaged', 'a line with a byte that is no UTF-8', null, Buffer.from(claim(other, 'o\xffe'), 'latin1')],
    ['opened', 'opened before', ['Replay'], claim(id, 'one')],
    [
      'behind-cut',
      'opened before, behind a line that was cut off',
      ['Replay'],
      `{"id":"x","cl${claim(id, 'one')}`,
    ],
    [
      'written',
      'opened before, with a line that says so',
      ['Replay'],
      `${claim(id, 'one', pending)}${written('one')}`,
    ],
    ['pending', 'somebody else is opening it', ['Busy'], claim(id, 'one', pending)],
    ['taken', 'taken over and opened', ['Replay'], `${taken}${written('two')}`],
    ['taken-pending', 'taken over, and being opened', ['Busy'], taken],
    [
      'late',
      'a claim that takes over what is written changes nothing',
      ['Replay'],
      `${claim(id, 'one', pending)}${written('one')}${claim(id, 'two', { ...pending, takes: 'one' })}`,
    ],
    [
      'twice',
      'two claims: the first one owns it',
      ['Replay'],
      `${claim(id, 'one')}${claim(id, 'two', pending)}`,
    ],
    ['foreign', 'a file of something else', ['Foreign'], 'name,date\nJane,2023\n'],
  ];
  return rows.map(([name, comment, flags, text]): Draft => {
    const draft = {
      id: `ledger-${name}`,
      comment,
      input: { ledger: typeof text === 'string' ? Buffer.from(text) : text, encryption: id },
    };
    return flags ? { ...draft, flags } : { ...draft, expected: { opens: true } };
  });
}
