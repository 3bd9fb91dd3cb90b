#include "Library.h"

static int encode(uint8_t **out, size_t *out_size, const uint8_t *rgb, int64_t width, int64_t height) {
    VipsImage *image = vips_image_new_from_memory(rgb, (size_t)width * (size_t)height * 3, (int)width,
                                                  (int)height, 3, VIPS_FORMAT_UCHAR);
    if (image == NULL) return -1;
    image->Type = VIPS_INTERPRETATION_sRGB;
    void *bytes = NULL;
    int result = vips_pngsave_buffer(image, &bytes, out_size, NULL);
    g_object_unref(image);
    if (result == 0) *out = bytes;
    return result;
}

tailor_vips_status tailor_vips_encode_png(uint8_t **out, size_t *out_size, const uint8_t *rgb, int64_t width,
                                          int64_t height, char *message) {
    *out = NULL;
    *out_size = 0;
    message[0] = '\0';
    if (tailor_vips_start() != 0) {
        snprintf(message, TAILOR_VIPS_MESSAGE_SIZE, "libvips does not start");
        return TAILOR_VIPS_FAILED;
    }
    if (width < 1 || height < 1 || width > VIPS_MAX_COORD || height > VIPS_MAX_COORD) {
        snprintf(message, TAILOR_VIPS_MESSAGE_SIZE, "sides must be from 1 to %d pixels", VIPS_MAX_COORD);
        return TAILOR_VIPS_ARGUMENT;
    }
    // Alone from the start: rare, and so its message is its own.
    tailor_vips_lock_alone();
    vips_error_clear();
    int result = encode(out, out_size, rgb, width, height);
    if (result != 0) tailor_vips_take_message(message);
    tailor_vips_unlock_alone();
    return result == 0 ? TAILOR_VIPS_OK : TAILOR_VIPS_FAILED;
}

void tailor_vips_free(uint8_t *bytes) { g_free(bytes); }
