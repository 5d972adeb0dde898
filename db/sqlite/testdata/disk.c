// disk.c stands between SQLite and the disk (LD_PRELOAD).
//
//   DISK_KEPT=<folder>  after each sync of a file, a copy of it goes there: what
//                       is left after a power cut.
//   DISK_FAIL=<ending>  sync fails with EIO for files whose name ends so, once
//   DISK_FAIL_IF=<file> exists.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int failing(const char *name) {
    const char *ending = getenv("DISK_FAIL"), *flag = getenv("DISK_FAIL_IF");
    if (ending == NULL || flag == NULL || access(flag, F_OK) != 0 || strlen(name) < strlen(ending))
        return 0;
    return strcmp(name + strlen(name) - strlen(ending), ending) == 0;
}

static void keep(int fd, const char *name) {
    const char *folder = getenv("DISK_KEPT"), *base = strrchr(name, '/');
    char path[PATH_MAX], part[PATH_MAX], buffer[65536];
    ssize_t n;
    off_t at = 0;
    if (folder == NULL || base == NULL)
        return;
    snprintf(path, sizeof path, "%s%s", folder, base);
    snprintf(part, sizeof part, "%s%s.part", folder, base);
    int out = open(part, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (out < 0)
        abort();
    while ((n = pread(fd, buffer, sizeof buffer, at)) > 0) {
        if (write(out, buffer, n) != n)
            abort();
        at += n;
    }
    close(out);
    rename(part, path); /* whole or not at all, whenever the process is killed */
}

static int sync_by(const char *function, int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, function);
    char link[64], name[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, name, sizeof name - 1);
    name[n < 0 ? 0 : n] = 0;
    if (failing(name)) {
        errno = EIO;
        return -1;
    }
    int result = real(fd);
    if (result == 0)
        keep(fd, name);
    return result;
}

int fsync(int fd) { return sync_by("fsync", fd); }
int fdatasync(int fd) { return sync_by("fdatasync", fd); }
