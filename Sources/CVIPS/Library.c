#include "Library.h"

#include <stdio.h>
#include <string.h>

static GRWLock lock;  // zero is unlocked
static GMutex turnstile;

static void drop_log(const gchar *domain, GLogLevelFlags level, const gchar *text, gpointer data) {
    (void)domain, (void)level, (void)text, (void)data;
}

static void *start(void *nothing) {
    (void)nothing;
    if (vips_init("tailor") != 0) return NULL;
    vips_error_clear();
#if VIPS_MAJOR_VERSION > 8 || (VIPS_MAJOR_VERSION == 8 && VIPS_MINOR_VERSION >= 13)
    vips_block_untrusted_set(TRUE);
#endif
    // The caller has threads of its own, and never decodes the same file twice in a row.
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_cache_set_max_mem(0);
    vips_cache_set_max_files(0);
    // Its warnings would go to standard error; errors come back as codes.
    g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG, drop_log, NULL);
    return &lock;  // anything but NULL: it runs
}

int tailor_vips_start(void) {
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, start, NULL) != NULL ? 0 : -1;
}

// Those who share pass the turnstile one by one; who wants to be alone stays in it, and so is not
// kept out for ever by a stream of others.
void tailor_vips_lock_shared(void) {
    g_mutex_lock(&turnstile);
    g_rw_lock_reader_lock(&lock);
    g_mutex_unlock(&turnstile);
}

void tailor_vips_unlock_shared(void) { g_rw_lock_reader_unlock(&lock); }

void tailor_vips_lock_alone(void) {
    g_mutex_lock(&turnstile);
    g_rw_lock_writer_lock(&lock);
    g_mutex_unlock(&turnstile);
}

void tailor_vips_unlock_alone(void) { g_rw_lock_writer_unlock(&lock); }

void tailor_vips_take_message(char *message) {
    char *text = vips_error_buffer_copy();  // +1, and clears
    snprintf(message, TAILOR_VIPS_MESSAGE_SIZE, "%s", text != NULL ? text : "");
    g_free(text);
    size_t length = strlen(message);
    while (length > 0 && (message[length - 1] == '\n' || message[length - 1] == ' ')) message[--length] = '\0';
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)message[i] < 0x20) message[i] = message[i] == '\n' ? ';' : ' ';
    }
    if (length == 0) snprintf(message, TAILOR_VIPS_MESSAGE_SIZE, "the pixels cannot be decoded");
}

const char *tailor_vips_version(void) { return tailor_vips_start() == 0 ? vips_version_string() : NULL; }
