import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { InstallScene, SITE } from '../../../../tests/support/install-scene.ts';
import { makeWheelTree } from '../../../../tests/support/wheel-tree.ts';
import type { InstallEvent } from './install-event.ts';
import type { Addition } from './install-target.ts';

suite('applyPlan() when something goes wrong', () => {
  for (const damage of ['emptied', 'missing', 'the whole tree missing'] as const) {
    test(`applyPlan() asks for a whole tree, when a file of the cached one is ${damage}`, async (t) => {
      const scene = new InstallScene(t);
      const spec = {
        name: 'a',
        version: '1',
        files: { 'a/one.py': 'one', 'a/two.py': 'two', 'a-1.data/scripts/tool': '#!python\n' },
      };
      const wheel = scene.tree(spec);
      const path = join(wheel.tree.folder, 'a/two.py');
      if (damage === 'emptied') truncateSync(path, 0);
      else rmSync(damage === 'missing' ? path : wheel.tree.folder, { recursive: true });
      const before = scene.snapshot();
      await assert.rejects(scene.change({ add: [wheel] }), { code: 'DAMAGED_TREE' });
      assert.deepEqual(scene.snapshot(), before);

      const reasons: string[] = [];
      const repair = async (_addition: Addition, reason: string): Promise<Addition['tree']> => {
        reasons.push(reason);
        rmSync(wheel.tree.folder, { recursive: true, force: true });
        return makeWheelTree(wheel.tree.folder, spec).tree;
      };
      await scene.change({ add: [wheel], repair });

      assert.equal(reasons.length, 1);
      assert.equal(scene.read(`${SITE}/a/two.py`), 'two');
    });
  }

  test('applyPlan() gives up, when the tree is damaged each time', async (t) => {
    const scene = new InstallScene(t);
    const wheel = scene.tree({ name: 'a', version: '1', files: { 'a.py': 'x' } });
    writeFileSync(join(wheel.tree.folder, 'a.py'), '');
    let asked = 0;
    const repair = (): Promise<Addition['tree']> => {
      asked += 1;
      return Promise.resolve(wheel.tree);
    };
    await assert.rejects(scene.change({ add: [wheel], repair }), { code: 'DAMAGED_TREE' });
    assert.equal(asked, 3);
  });

  test('applyPlan() puts everything back, when the file system refuses any one operation', async (t) => {
    const scene = new InstallScene(t);
    await scene.change({
      add: [
        scene.tree({
          name: 'a',
          version: '1',
          files: { 'a/__init__.py': 'one', 'space/a.py': 'one' },
          consoleScripts: ['a = a:a'],
        }),
      ],
    });
    scene.write(`${SITE}/space/mine.py`, '');
    const next = scene.tree({
      name: 'a',
      version: '2',
      files: { 'a/__init__.py': 'two', 'space/a.py': 'two', 'new.py': 'two' },
      consoleScripts: ['a = a:a'],
    });
    const before = scene.snapshot();
    const refused: string[] = [];
    for (let at = 0, isDone = false; !isDone; at += 1) {
      let sabotage: Sabotage | undefined;
      const onEvent = (event: InstallEvent): void => {
        if (event.type === 'step' && event.name === 'apply' && event.detail === String(at))
          sabotage = sabotageOperation(scene.environment.root, at);
      };
      const outcome = await scene.change({ remove: ['a'], add: [next], onEvent }).catch((error: unknown) => error);
      isDone = sabotage === undefined;
      if (sabotage === undefined) continue;
      assert.equal((outcome as { code?: string }).code, 'ENVIRONMENT_WRITE_FAILED', `${sabotage.kind} ${at}`);
      if (sabotage.obstacle !== undefined) rmSync(sabotage.obstacle, { recursive: true });
      assert.deepEqual(scene.snapshot(), before, `refused ${sabotage.kind} ${at}`);
      refused.push(sabotage.kind);
    }
    assert.deepEqual([...new Set(refused)].sort(), ['place', 'remove', 'swap']);
    assert.equal(scene.read(`${SITE}/space/a.py`), 'two');
  });

  test('applyPlan() names the path and changes nothing, when the environment cannot be written to', async (t) => {
    const scene = new InstallScene(t);
    rmSync(scene.environment.root, { recursive: true });
    writeFileSync(scene.environment.root, 'a file where the environment should be');
    await assert.rejects(
      scene.change({ add: [scene.tree({ name: 'a', version: '1', files: { 'a.py': '' } })], installed: [] }),
      (error: Error) => error.message.includes(scene.environment.root),
    );
    assert.equal(readFileSync(scene.environment.root, 'utf8'), 'a file where the environment should be');
  });

  test('applyPlan() stops before the journal, when it is aborted', async (t) => {
    const scene = new InstallScene(t);
    const before = scene.snapshot();
    await assert.rejects(
      scene.change({
        add: [scene.tree({ name: 'a', version: '1', files: { 'a.py': '' } })],
        signal: AbortSignal.abort(new Error('enough')),
      }),
      /enough/,
    );
    assert.deepEqual(scene.snapshot(), before);
  });
});

interface Sabotage {
  readonly kind: string;
  /** To be removed again by the test. */
  readonly obstacle?: string;
}

/** Make the system refuse operation `at`, which is the next: the rename meets a full folder, or one of its sides is gone. */
function sabotageOperation(root: string, at: number): Sabotage {
  const area = join(root, '.shoal', '0');
  const journal = JSON.parse(readFileSync(join(root, '.shoal', 'journal'), 'utf8')) as {
    rows: [string, number, string, string][];
  };
  const [kind, , path] = journal.rows[at] ?? ['', 0, ''];
  if (kind === 'place') {
    mkdirSync(join(root, path, 'obstacle'), { recursive: true });
    return { kind, obstacle: join(root, path) };
  }
  if (kind === 'swap') renameSync(join(area, 'stage', path), join(area, 'hidden'));
  // What goes is first and alone: nothing is in the trash yet that the undoing needs.
  else {
    assert.deepEqual(readdirSync(join(area, 'trash')), []);
    rmSync(join(area, 'trash'), { recursive: true });
  }
  return { kind };
}
