/* Put before the C library by LD_PRELOAD: writes and syncs of a database's files fail when they are told to.
 *
 * FAULTY_DISK names a file of six ints, which whoever brings the trouble about changes while the program runs:
 * what fails (1 writes, 2 syncs), in which file (1 the database, 2 its log), with which errno, after how many that
 * pass, how many (negative: all from then on), and how many have failed, which is counted here.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, DATABASE = 1, LOG = 2 };

struct orders {
    int what, where, error, passing, failing, failed;
};

static volatile struct orders *orders;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("FAULTY_DISK");
    int fd = path ? open(path, O_RDWR) : -1;
    if (fd < 0) return;
    void *mapped = mmap(NULL, sizeof(struct orders), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) orders = mapped;
    close(fd);
}

static int ends_with(const char *name, const char *end) {
    size_t length = strlen(name), longest = strlen(end);
    return length >= longest && strcmp(name + length - longest, end) == 0;
}

static int where(int fd) {
    char link[32], name[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, name, sizeof name - 1);
    if (length < 0) return 0;
    name[length] = 0;
    return ends_with(name, ".db-wal") ? LOG : ends_with(name, ".db") ? DATABASE : 0;
}

static int fails(int what, int fd) {
    if (!orders || orders->what != what || orders->failing == 0 || orders->where != where(fd)) return 0;
    if (orders->passing > 0) {
        orders->passing--;
        return 0;
    }
    if (orders->failing > 0) orders->failing--;
    orders->failed++;
    errno = orders->error;
    return 1;
}

#define THE_REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *from, size_t count) {
    return fails(WRITE, fd) ? -1 : THE_REAL(write)(fd, from, count);
}

ssize_t pwrite(int fd, const void *from, size_t count, off_t at) {
    return fails(WRITE, fd) ? -1 : THE_REAL(pwrite)(fd, from, count, at);
}

ssize_t pwrite64(int fd, const void *from, size_t count, off64_t at) {
    return fails(WRITE, fd) ? -1 : THE_REAL(pwrite64)(fd, from, count, at);
}

int fsync(int fd) {
    return fails(SYNC, fd) ? -1 : THE_REAL(fsync)(fd);
}

int fdatasync(int fd) {
    return fails(SYNC, fd) ? -1 : THE_REAL(fdatasync)(fd);
}
