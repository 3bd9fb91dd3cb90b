#include <stdio.h>

#include "Library.h"

static int draw(uint8_t **out, int64_t *width, int64_t *height, const char *text, int32_t pixels) {
    // Text is markup to Pango; names are not.
    char *escaped = g_markup_escape_text(text, -1);
    char font[32];
    // At 72 dots an inch a point is a pixel; a font's lines are about a fifth higher than its size.
    snprintf(font, sizeof font, "sans %d", pixels > 6 ? pixels * 5 / 6 : 5);
    VipsImage *image = NULL;
    int result = vips_text(&image, escaped, "font", font, "dpi", 72, NULL);
    g_free(escaped);
    if (result != 0) return -1;
    size_t size = 0;
    void *bytes = NULL;
    if (vips_image_get_bands(image) == 1 && vips_image_get_format(image) == VIPS_FORMAT_UCHAR) {
        *width = vips_image_get_width(image);
        *height = vips_image_get_height(image);
        bytes = vips_image_write_to_memory(image, &size);
    }
    g_object_unref(image);
    *out = bytes;
    return bytes != NULL ? 0 : -1;
}

tailor_vips_status tailor_vips_text(uint8_t **out, int64_t *width, int64_t *height, const char *text,
                                    int32_t pixels, char *message) {
    *out = NULL;
    *width = *height = 0;
    message[0] = '\0';
    if (tailor_vips_start() != 0) {
        snprintf(message, TAILOR_VIPS_MESSAGE_SIZE, "libvips does not start");
        return TAILOR_VIPS_FAILED;
    }
    if (pixels < 1 || pixels > 512 || !g_utf8_validate(text, -1, NULL)) {
        snprintf(message, TAILOR_VIPS_MESSAGE_SIZE, "text must be UTF-8, 1 to 512 pixels high");
        return TAILOR_VIPS_ARGUMENT;
    }
    if (vips_type_find("VipsOperation", "text") == 0) {
        snprintf(message, TAILOR_VIPS_MESSAGE_SIZE, "this libvips was built without text");
        return TAILOR_VIPS_UNSUPPORTED;
    }
    // Alone: fontconfig and Pango share their state between threads, and the message is its own.
    tailor_vips_lock_alone();
    vips_error_clear();
    int result = draw(out, width, height, text, pixels);
    if (result != 0) tailor_vips_take_message(message);
    tailor_vips_unlock_alone();
    return result == 0 ? TAILOR_VIPS_OK : TAILOR_VIPS_UNSUPPORTED;
}
