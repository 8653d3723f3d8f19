import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { test } from 'node:test';
import { venvScene } from '../support/venv-scene.ts';

interface Shell {
  readonly name: string;
  readonly words: readonly string[];
  readonly script: string;
  /** The script that is run, with the script of activation as `FILE`. */
  readonly text: string;
}

const POSIX = [
  'before="$PATH"; PYTHONHOME=/nowhere; export PYTHONHOME',
  '. FILE',
  'echo "$VIRTUAL_ENV"; echo "$VIRTUAL_ENV_PROMPT"; command -v python; echo "home=${PYTHONHOME-unset}"',
  'deactivate',
  'echo "env=${VIRTUAL_ENV-unset} home=$PYTHONHOME"; [ "$PATH" = "$before" ] && echo same',
].join('\n');

const SHELLS: readonly Shell[] = [
  { name: 'sh', words: ['-u'], script: 'activate', text: POSIX },
  { name: 'bash', words: ['--norc', '-eu'], script: 'activate', text: POSIX },
  { name: 'zsh', words: ['-f', '-u'], script: 'activate', text: POSIX },
  {
    name: 'fish',
    words: ['--no-config'],
    script: 'activate.fish',
    text: [
      'set before $PATH; set -gx PYTHONHOME /nowhere',
      'source FILE',
      'echo $VIRTUAL_ENV; echo $VIRTUAL_ENV_PROMPT; command -v python; set -q PYTHONHOME; and echo home=set; or echo home=unset',
      'deactivate',
      'set -q VIRTUAL_ENV; and echo env=set; or echo "env=unset home=$PYTHONHOME"; test (string join : $PATH) = (string join : $before); and echo same',
    ].join('\n'),
  },
  {
    name: 'tcsh',
    words: ['-f'],
    script: 'activate.csh',
    text: [
      'set before = "$PATH"; setenv PYTHONHOME /nowhere',
      'source FILE',
      'echo "$VIRTUAL_ENV"; echo "$VIRTUAL_ENV_PROMPT"; which python; if ($?PYTHONHOME) echo "home=set"; if (! $?PYTHONHOME) echo "home=unset"',
      'deactivate',
      'if (! $?VIRTUAL_ENV) echo "env=unset home=$PYTHONHOME"; if ("$PATH" == "$before") echo same',
      '',
    ].join('\n'),
  },
];

for (const shell of SHELLS) {
  const isThere = spawnSync('sh', ['-c', `command -v ${shell.name}`]).status === 0;
  test(
    `the script for ${shell.name} activates an environment whose path has spaces and quotes, and deactivate restores`,
    { skip: isThere ? false : `${shell.name} is not installed` },
    async (t) => {
      const scene = venvScene(t);
      const folder = realpathSync(scene.in(`it's a "b" here`).folder);
      const { status, stderr } = await scene.in(`it's a "b" here`).run('venv', 'my env', '--prompt', `p'q "r"`);
      assert.equal(status, 0, stderr);

      const file = `'${`${folder}/my env/bin/${shell.script}`.replaceAll("'", shell.name === 'fish' ? String.raw`\'` : String.raw`'\''`)}'`;
      scene.write(
        'script',
        shell.text.replace('FILE', () => file),
      );
      const output = execFileSync(shell.name, [...shell.words, scene.path('script')], { encoding: 'utf8' });

      assert.deepEqual(output.trimEnd().split('\n'), [
        `${folder}/my env`,
        `p'q "r"`,
        `${folder}/my env/bin/python`,
        'home=unset',
        'env=unset home=/nowhere',
        'same',
      ]);
    },
  );
}

test('the script for sh of a relocatable environment works where the environment was moved to', async (t) => {
  const scene = venvScene(t);
  await scene.run('venv', 'first', '--relocatable');
  execFileSync('mv', [scene.path('first'), scene.path('moved here')]);

  const output = execFileSync(
    'bash',
    ['-c', `. '${scene.path('moved here')}/bin/activate'; echo "$VIRTUAL_ENV"; command -v python`],
    { encoding: 'utf8' },
  );

  assert.equal(output, `${scene.path('moved here')}\n${scene.path('moved here')}/bin/python\n`);
});
