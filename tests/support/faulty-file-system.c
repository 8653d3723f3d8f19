/*
 * faulty-file-system BACKING MOUNTPOINT: shows the folder BACKING at MOUNTPOINT (libfuse 3). What it refuses stands in the file
 * BACKING.fault: `locks` refuses flock with ENOSYS; `ESTALE` and `EIO` refuse to open files of cached trees; `EMLINK` refuses
 * hard links; `fold` takes upper and lower case for the same, and keeps names as they were first written.
 */
#define FUSE_USE_VERSION 31
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static const char *backing;
#define AT(path) char at[8192]; place(at, path)
#define ANSWER(call) return (call) == -1 ? -errno : 0

static int fault_is(const char *name) {
  char file[8192], word[32] = "";
  snprintf(file, sizeof file, "%s.fault", backing);
  FILE *in = fopen(file, "r");
  if (!in) return 0;
  if (!fgets(word, sizeof word, in)) word[0] = 0;
  fclose(in);
  return strcmp(word, name) == 0;
}
/* Each name of the path as the folder above it spells it. */
static void fold(char *at) {
  for (char *name = at + strlen(backing) + 1, *end; *name; name = *end ? end + 1 : end) {
    end = strchrnul(name, '/');
    char after = *end;
    *end = name[-1] = 0;
    DIR *folder = opendir(at);
    name[-1] = '/';
    for (struct dirent *entry; folder && (entry = readdir(folder));)
      if (strcasecmp(entry->d_name, name) == 0) memcpy(name, entry->d_name, strlen(name));
    if (folder) closedir(folder);
    *end = after;
  }
}
static void place(char *at, const char *path) {
  snprintf(at, 8192, "%s%s", backing, path);
  if (path[1] && fault_is("fold")) fold(at);
}
static int fault_of(const char *path) {
  if (!strstr(path, "/trees-v1/") || !strstr(path, "/tree/")) return 0;
  return fault_is("ESTALE") ? -ESTALE : fault_is("EIO") ? -EIO : 0;
}
static int do_getattr(const char *path, struct stat *out, struct fuse_file_info *info) { (void)info; AT(path); ANSWER(lstat(at, out)); }
static int do_readlink(const char *path, char *out, size_t size) { AT(path); ssize_t n = readlink(at, out, size - 1); if (n < 0) return -errno; out[n] = 0; return 0; }
static int do_mkdir(const char *path, mode_t mode) { AT(path); ANSWER(mkdir(at, mode)); }
static int do_unlink(const char *path) { AT(path); ANSWER(unlink(at)); }
static int do_rmdir(const char *path) { AT(path); ANSWER(rmdir(at)); }
static int do_symlink(const char *to, const char *path) { AT(path); ANSWER(symlink(to, at)); }
static int do_rename(const char *from, const char *to, unsigned flags) { char old[8192]; place(old, from); AT(to); ANSWER(renameat2(AT_FDCWD, old, AT_FDCWD, at, flags)); }
static int do_link(const char *from, const char *to) { if (fault_is("EMLINK")) return -EMLINK; char old[8192]; place(old, from); AT(to); ANSWER(link(old, at)); }
static int do_chmod(const char *path, mode_t mode, struct fuse_file_info *info) { (void)info; AT(path); ANSWER(chmod(at, mode)); }
static int do_truncate(const char *path, off_t size, struct fuse_file_info *info) { if (info) ANSWER(ftruncate(info->fh, size)); AT(path); ANSWER(truncate(at, size)); }
static int do_utimens(const char *path, const struct timespec times[2], struct fuse_file_info *info) { (void)info; AT(path); ANSWER(utimensat(AT_FDCWD, at, times, AT_SYMLINK_NOFOLLOW)); }
static int do_open(const char *path, struct fuse_file_info *info) {
  int fault = fault_of(path);
  if (fault) return fault;
  AT(path);
  int fd = open(at, info->flags & ~O_APPEND);
  if (fd < 0) return -errno;
  info->fh = fd;
  return 0;
}
static int do_create(const char *path, mode_t mode, struct fuse_file_info *info) {
  AT(path);
  int fd = open(at, info->flags & ~O_APPEND, mode);
  if (fd < 0) return -errno;
  info->fh = fd;
  return 0;
}
static int do_read(const char *path, char *out, size_t size, off_t from, struct fuse_file_info *info) { (void)path; ssize_t n = pread(info->fh, out, size, from); return n < 0 ? -errno : (int)n; }
static int do_write(const char *path, const char *in, size_t size, off_t to, struct fuse_file_info *info) { (void)path; ssize_t n = pwrite(info->fh, in, size, to); return n < 0 ? -errno : (int)n; }
static int do_release(const char *path, struct fuse_file_info *info) { (void)path; close(info->fh); return 0; }
static int do_fsync(const char *path, int data, struct fuse_file_info *info) { (void)path; (void)data; ANSWER(fsync(info->fh)); }
static int do_flock(const char *path, struct fuse_file_info *info, int operation) { (void)path; if (fault_is("locks")) return -ENOSYS; ANSWER(flock(info->fh, operation)); }
static int do_statfs(const char *path, struct statvfs *out) { AT(path); ANSWER(statvfs(at, out)); }
static int do_readdir(const char *path, void *buffer, fuse_fill_dir_t fill, off_t from, struct fuse_file_info *info, enum fuse_readdir_flags flags) {
  (void)from; (void)info; (void)flags;
  AT(path);
  DIR *folder = opendir(at);
  if (!folder) return -errno;
  for (struct dirent *entry; (entry = readdir(folder));) fill(buffer, entry->d_name, NULL, 0, 0);
  closedir(folder);
  return 0;
}
static const struct fuse_operations operations = {
  .getattr = do_getattr, .readlink = do_readlink, .mkdir = do_mkdir, .unlink = do_unlink, .rmdir = do_rmdir, .symlink = do_symlink,
  .rename = do_rename, .link = do_link, .chmod = do_chmod, .truncate = do_truncate, .utimens = do_utimens, .open = do_open,
  .create = do_create, .read = do_read, .write = do_write, .release = do_release, .fsync = do_fsync, .flock = do_flock,
  .statfs = do_statfs, .readdir = do_readdir,
};
int main(int count, char **words) {
  if (count != 3) return 2;
  backing = words[1];
  char *options[] = {words[0], "-o", "default_permissions", words[2], NULL};
  return fuse_main(4, options, &operations, NULL);
}
