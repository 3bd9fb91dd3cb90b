/* Faults at a chosen call, for a program that is run with this library in LD_PRELOAD.
 *
 *   FAULT_CALLS  names of the calls that count, with commas: open, write, fsync, rename, unlink, mkdir, pthread_create
 *   FAULT_AT     number of the call at which it happens, from 1; 0 for never
 *   FAULT_KIND   kill: the process gets SIGKILL before the call
 *                full: the call and all later ones fail, write and the like with ENOSPC, pthread_create with EAGAIN
 *   FAULT_COUNT  file to which the number of calls is written at the end
 *
 * open counts where it creates, write where it writes to a regular file.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;
static long fault_at;
static int is_kill;
static char names[256];
static char count_path[4096];
static pid_t owner;

__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("FAULT_AT");
    fault_at = text ? atol(text) : 0;
    text = getenv("FAULT_KIND");
    is_kill = text && strcmp(text, "kill") == 0;
    text = getenv("FAULT_CALLS");
    snprintf(names, sizeof names, ",%s,", text ? text : "");
    text = getenv("FAULT_COUNT");
    snprintf(count_path, sizeof count_path, "%s", text ? text : "");
    owner = getpid();
}

/* Whether the call fails; does not return where it is to kill. */
static int fails(const char *name) {
    char wanted[40];
    snprintf(wanted, sizeof wanted, ",%s,", name);
    if (!strstr(names, wanted)) return 0;
    const long number = atomic_fetch_add(&calls, 1) + 1;
    if (fault_at <= 0 || number < fault_at) return 0;
    if (is_kill) {
        if (number == fault_at) kill(getpid(), SIGKILL);
        return 0;
    }
    return 1;
}

static int is_regular(int descriptor) {
    struct stat facts;
    return fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode);
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

#define FULL return (errno = ENOSPC, -1)

__attribute__((destructor)) static void end(void) {
    if (!count_path[0] || getpid() != owner) return;
    names[0] = 0;
    FILE *file = fopen(count_path, "we");
    if (!file) return;
    fprintf(file, "%ld\n", atomic_load(&calls));
    fclose(file);
}

int open(const char *path, int flags, ...) {
    REAL(int, open, const char *, int, ...);
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list list;
        va_start(list, flags);
        mode = va_arg(list, mode_t);
        va_end(list);
        if (flags & O_CREAT && fails("open")) FULL;
    }
    return real(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    REAL(int, open64, const char *, int, ...);
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list list;
        va_start(list, flags);
        mode = va_arg(list, mode_t);
        va_end(list);
        if (flags & O_CREAT && fails("open")) FULL;
    }
    return real(path, flags, mode);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    REAL(ssize_t, write, int, const void *, size_t);
    if (is_regular(descriptor) && fails("write")) FULL;
    return real(descriptor, bytes, count);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    REAL(ssize_t, writev, int, const struct iovec *, int);
    if (is_regular(descriptor) && fails("write")) FULL;
    return real(descriptor, parts, count);
}

int fsync(int descriptor) {
    REAL(int, fsync, int);
    if (fails("fsync")) FULL;
    return real(descriptor);
}

int rename(const char *from, const char *to) {
    REAL(int, rename, const char *, const char *);
    if (fails("rename")) FULL;
    return real(from, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    REAL(int, renameat, int, const char *, int, const char *);
    if (fails("rename")) FULL;
    return real(from_folder, from, to_folder, to);
}

int unlink(const char *path) {
    REAL(int, unlink, const char *);
    if (fails("unlink")) FULL;
    return real(path);
}

int unlinkat(int folder, const char *path, int flags) {
    REAL(int, unlinkat, int, const char *, int);
    if (fails("unlink")) FULL;
    return real(folder, path, flags);
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, mkdir, const char *, mode_t);
    if (fails("mkdir")) FULL;
    return real(path, mode);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument) {
    REAL(int, pthread_create, pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (fails("pthread_create")) return EAGAIN;
    return real(thread, attributes, start, argument);
}
