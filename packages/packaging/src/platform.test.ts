import assert from 'node:assert/strict';
import { test } from 'node:test';

import { architectureOfMachine, type Platform, platformTags } from './platform.ts';

test('platformTags() lists what a platform takes, best first', () => {
  const lists: readonly (readonly [Platform, readonly string[]])[] = [
    [
      { os: 'manylinux', major: 2, minor: 18, arch: 'aarch64' },
      ['manylinux_2_18_aarch64', 'manylinux_2_17_aarch64', 'manylinux2014_aarch64', 'linux_aarch64'],
    ],
    [
      { os: 'musllinux', major: 1, minor: 1, arch: 'x86_64' },
      ['musllinux_1_1_x86_64', 'musllinux_1_0_x86_64', 'linux_x86_64'],
    ],
    [{ os: 'windows', arch: 'ARM64' }, ['win_arm64']],
    [{ os: 'windows', arch: 'x86' }, ['win32']],
    [{ os: 'freebsd', release: '14.1-RELEASE', arch: 'amd64' }, ['freebsd_14_1_release_amd64']],
    [{ os: 'illumos', release: '5.11', arch: 'i86pc' }, ['solaris_2_11_i86pc_64bit']],
    [{ os: 'android', apiLevel: 17, arch: 'aarch64' }, ['android_17_arm64_v8a', 'android_16_arm64_v8a']],
    [{ os: 'ios', major: 11, minor: 0, isSimulator: false, arch: 'arm64' }, []],
  ];
  for (const [platform, tags] of lists) assert.deepEqual(platformTags(platform), tags);
});

test('platformTags() of macOS go down to 10.4 for x86_64, and are universal2 below 11 for arm64', () => {
  const intel = platformTags({ os: 'macos', major: 12, minor: 3, arch: 'x86_64' });
  assert.deepEqual(intel.slice(0, 2), ['macosx_12_0_x86_64', 'macosx_12_0_intel']);
  assert.equal(intel.at(-1), 'macosx_10_4_universal');
  const arm = platformTags({ os: 'macos', major: 11, minor: 0, arch: 'arm64' });
  assert.deepEqual(arm.slice(0, 3), ['macosx_11_0_arm64', 'macosx_11_0_universal2', 'macosx_10_16_universal2']);
});

test('a _manylinux module can forbid manylinux wheels', () => {
  const platform = { os: 'manylinux', major: 2, minor: 39, arch: 'x86_64' } as const;
  assert.deepEqual(platformTags(platform, { isManylinuxCompatible: false }), ['linux_x86_64']);
});

test('architectureOfMachine() knows the names of one machine', () => {
  const names = ['AMD64', 'x64', 'arm64', 'i386', 'x86', 's390x'];
  assert.deepEqual(names.map(architectureOfMachine), ['x86_64', 'x86_64', 'aarch64', 'i686', 'i686', 's390x']);
});
