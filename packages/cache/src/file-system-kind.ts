/** What the number in `statfs` says of a file system: its name, and who else may use it. Numbers from Linux's magic.h. */

/** `network`: other hosts may use it too. `unknown`: a program in user space serves it (FUSE), for whomever it likes. */
export type FileSystemKind = 'local' | 'network' | 'unknown';

export interface FileSystemType {
  readonly name: string;
  readonly kind: FileSystemKind;
}

const LOCAL: Readonly<Record<number, string>> = {
  0xef53: 'ext4',
  0x58465342: 'xfs',
  0x9123683e: 'btrfs',
  0x01021994: 'tmpfs',
  0x858458f6: 'ramfs',
  0x794c7630: 'overlay',
  0x2fc12fc1: 'zfs',
  0xf2f52010: 'f2fs',
  0xca451a4e: 'bcachefs',
  0x4d44: 'vfat',
  0x2011bab0: 'exfat',
  0x7366746e: 'ntfs3',
  0xde5e81e4: 'efivarfs',
};

const NETWORK: Readonly<Record<number, string>> = {
  0x6969: 'nfs',
  0xff534d42: 'cifs',
  0xfe534d42: 'smb',
  0x517b: 'smbfs',
  0x00c36400: 'ceph',
  0x0bd00bd0: 'lustre',
  0x47504653: 'gpfs',
  0x19830326: 'beegfs',
  0x01021997: '9p',
  0x786f4256: 'vboxsf',
  0x5346414f: 'afs',
  0x013661: 'gfs2',
  0x7461636f: 'ocfs2',
  0x00c0ffee: 'hostfs',
};

const FUSE = 0x65735546;

/** On systems other than Linux the number means nothing, and a file system counts as local. */
export function fileSystemType(magic: number, platform: NodeJS.Platform): FileSystemType {
  if (platform !== 'linux') return { name: 'local', kind: 'local' };
  const network = NETWORK[magic];
  if (network !== undefined) return { name: network, kind: 'network' };
  if (magic === FUSE) return { name: 'fuse', kind: 'unknown' };
  return { name: LOCAL[magic] ?? `type 0x${magic.toString(16)}`, kind: 'local' };
}
