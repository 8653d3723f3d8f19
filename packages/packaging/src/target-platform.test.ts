import assert from 'node:assert/strict';
import { test } from 'node:test';

import { platformOfName, targetPlatformNames } from './target-platform.ts';

test('platformOfName() knows every name, short ones and manylinux_2_28_x86_64 included', () => {
  for (const name of targetPlatformNames) assert.ok(platformOfName(name), name);
  assert.deepEqual(platformOfName('windows'), platformOfName('x86_64-pc-windows-msvc'));
  assert.deepEqual(platformOfName('manylinux_2_28_x86_64'), platformOfName('x86_64-manylinux_2_28'));
  assert.deepEqual(platformOfName('linux')?.platform, { os: 'manylinux', major: 2, minor: 28, arch: 'x86_64' });
  assert.equal(platformOfName('amiga'), undefined);
});

test('platformOfName() answers markers as interpreters on the platform do', () => {
  const machines = ['windows', 'aarch64-pc-windows-msvc', 'macos', 'linux'].map((name) => {
    const { sys_platform: platform, platform_machine: machine } = platformOfName(name)?.markers ?? {};
    return `${platform} ${machine}`;
  });
  assert.deepEqual(machines, ['win32 AMD64', 'win32 ARM64', 'darwin arm64', 'linux x86_64']);
});

test('platformOfName() takes the oldest system to run on from the deployment targets', () => {
  const mac = platformOfName('macos', { macos: [14, 2] })?.platform;
  assert.deepEqual(mac, { os: 'macos', major: 14, minor: 2, arch: 'aarch64' });
  const android = platformOfName('aarch64-linux-android', { androidApiLevel: 30 })?.platform;
  assert.deepEqual(android, { os: 'android', apiLevel: 30, arch: 'aarch64' });
});
