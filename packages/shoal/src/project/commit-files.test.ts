import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../../../../tests/support/temporary-folder.ts';
import { commitFiles, needsRecovery, recoverFiles } from './commit-files.ts';
import type { FileChange } from './commit-files.ts';

class Scene {
  readonly root: string;
  readonly pyproject: string;
  readonly lockfile: string;
  readonly both: readonly FileChange[];

  constructor(t: TestContext) {
    this.root = temporaryFolder(t);
    this.pyproject = join(this.root, 'pyproject.toml');
    this.lockfile = join(this.root, 'uv.lock');
    writeFileSync(this.pyproject, 'old project\n');
    writeFileSync(this.lockfile, 'old lock\n');
    this.both = [
      { path: this.pyproject, content: 'new project\n', expected: 'old project\n' },
      { path: this.lockfile, content: 'new lock\n', expected: 'old lock\n' },
    ];
  }

  content(): string {
    return readdirSync(this.root)
      .toSorted()
      .map((name) => `${name}: ${readFileSync(join(this.root, name), 'utf8').trim()}`)
      .join(', ');
  }

  /** Commit, but stop as if killed at the step with this number. @returns its name; `undefined` when there are fewer. */
  commitUntil(step: number): string | undefined {
    const names: string[] = [];
    try {
      commitFiles(this.root, this.both, {
        onEvent: (event) => {
          if (event.type !== 'step') return;
          names.push(event.name);
          if (names.length === step) throw new RangeError('killed');
        },
      });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    return names[step - 1];
  }
}

const OLD = 'pyproject.toml: old project, uv.lock: old lock';
const NEW = 'pyproject.toml: new project, uv.lock: new lock';

suite('commitFiles()', () => {
  test('writes all files, leaves nothing else behind, and keeps modes and links', (t) => {
    const scene = new Scene(t);
    chmodSync(scene.pyproject, 0o640);
    mkdirSync(join(scene.root, 'elsewhere'));
    writeFileSync(join(scene.root, 'elsewhere', 'uv.lock'), 'old lock\n');
    rmSync(scene.lockfile);
    symlinkSync('elsewhere/uv.lock', scene.lockfile);

    assert.equal(commitFiles(scene.root, scene.both), true);

    assert.equal(statSync(scene.pyproject).mode & 0o777, 0o640);
    assert.equal(lstatSync(scene.lockfile).isSymbolicLink(), true);
    assert.equal(readFileSync(join(scene.root, 'elsewhere', 'uv.lock'), 'utf8'), 'new lock\n');
    assert.deepEqual(readdirSync(scene.root).toSorted(), ['elsewhere', 'pyproject.toml', 'uv.lock']);
  });

  test('writes nothing, when all files hold what they should', (t) => {
    const scene = new Scene(t);
    const before = statSync(scene.pyproject, { bigint: true });
    assert.equal(commitFiles(scene.root, [{ path: scene.pyproject, content: 'old project\n' }]), false);
    assert.equal(statSync(scene.pyproject, { bigint: true }).ino, before.ino);
  });

  test('writes nothing, when another program has changed one of the files', (t) => {
    const scene = new Scene(t);
    writeFileSync(scene.lockfile, 'of somebody else\n');
    assert.throws(() => commitFiles(scene.root, scene.both), { code: 'PROJECT_CHANGED', path: scene.lockfile });
    assert.equal(scene.content(), 'pyproject.toml: old project, uv.lock: of somebody else');
  });

  test('puts the first file back, when the second cannot be written', (t) => {
    const scene = new Scene(t);
    const changes = [scene.both[0], { path: join(scene.root, 'no folder', 'uv.lock'), content: 'x' }];
    assert.throws(
      () =>
        commitFiles(
          scene.root,
          changes.filter((one) => one !== undefined),
        ),
      {
        code: 'PROJECT_WRITE_FAILED',
        undone: true,
      },
    );
    assert.equal(scene.content(), OLD);
  });

  test('leaves the old files or the new ones after the next recovery, when it is killed at any step', (t) => {
    const met: string[] = [];
    for (let step = 1; ; step += 1) {
      const scene = new Scene(t);
      const name = scene.commitUntil(step);
      if (name === undefined) break;
      met.push(name);
      recoverFiles(scene.root);
      assert.equal(scene.content(), name === 'commit-checked' ? OLD : NEW, `step ${step}, ${name}`);
      assert.equal(needsRecovery(scene.root), false);
    }
    assert.deepEqual(met, ['commit-checked', 'commit-written', 'file-replaced', 'file-replaced', 'commit-removed']);
  });
});

suite('recoverFiles()', () => {
  test('leaves what somebody has edited since', (t) => {
    const scene = new Scene(t);
    scene.commitUntil(2);
    writeFileSync(scene.pyproject, 'edited since\n');
    assert.equal(recoverFiles(scene.root), 'discarded');
    assert.equal(scene.content(), 'pyproject.toml: edited since, uv.lock: old lock');
  });

  test('is finished by the next one, when it is killed at any of its own steps', (t) => {
    const met: string[] = [];
    for (let step = 1; ; step += 1) {
      const scene = new Scene(t);
      scene.commitUntil(2);
      const names: string[] = [];
      const kill = (name: string): void => {
        names.push(name);
        if (names.length === step) throw new RangeError('killed');
      };
      try {
        recoverFiles(scene.root, { onEvent: (event) => (event.type === 'step' ? kill(event.name) : undefined) });
        break;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
      met.push(names.at(-1) ?? '');
      recoverFiles(scene.root);
      assert.equal(scene.content(), NEW, `step ${step}`);
    }
    assert.deepEqual(met, ['commit-recovering', 'file-replaced', 'file-replaced', 'commit-removed']);
  });

  test('finds nothing, when a failed commit is killed after its undoing', (t) => {
    const scene = new Scene(t);
    const [first] = scene.both;
    assert.ok(first !== undefined);
    const changes = [first, { path: join(scene.root, 'no folder', 'uv.lock'), content: 'x' }];
    const kill = (name: string): void => {
      if (name === 'commit-undone') throw new RangeError('killed');
    };
    assert.throws(
      () =>
        commitFiles(scene.root, changes, {
          onEvent: (event) => (event.type === 'step' ? kill(event.name) : undefined),
        }),
      RangeError,
    );
    assert.equal(recoverFiles(scene.root), undefined);
    assert.equal(scene.content(), OLD);
  });

  test('removes temporary files of killed writers, and no others', (t) => {
    const scene = new Scene(t);
    writeFileSync(join(scene.root, `.uv.lock.${'0'.repeat(32)}.tmp`), 'x');
    writeFileSync(join(scene.root, '.mine.tmp'), 'x');
    assert.equal(recoverFiles(scene.root), undefined);
    assert.deepEqual(readdirSync(scene.root).toSorted(), ['.mine.tmp', 'pyproject.toml', 'uv.lock']);
  });

  for (const [title, path] of [
    ['outside of the project', '../other/pyproject.toml'],
    ['that no command changes', '.bashrc'],
  ] as const)
    test(`refuses a journal with a file ${title}`, (t) => {
      const scene = new Scene(t);
      const journal = { format: 'shoal-commit-1', files: [{ path, content: 'x' }] };
      writeFileSync(join(scene.root, '.shoal-commit'), JSON.stringify(journal));
      assert.throws(() => recoverFiles(scene.root), { code: 'COMMIT_JOURNAL_UNREADABLE' });
    });
});
