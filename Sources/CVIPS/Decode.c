#include <stdlib.h>
#include <string.h>

#include "Convert.h"
#include "Library.h"

struct tailor_vips_image {
    VipsImage *image;
    tailor_vips_layout layout;
    int32_t largest;
    int next_row;  // the first that has not been read
};

static const char *const loaders[] = {
    [TAILOR_VIPS_PNG] = "pngload_buffer",   [TAILOR_VIPS_TIFF] = "tiffload_buffer",
    [TAILOR_VIPS_WEBP] = "webpload_buffer", [TAILOR_VIPS_GIF] = "gifload_buffer",
    [TAILOR_VIPS_HEIF] = "heifload_buffer",
};

static const char *const names[] = {
    [TAILOR_VIPS_PNG] = "PNG", [TAILOR_VIPS_TIFF] = "TIFF", [TAILOR_VIPS_WEBP] = "WebP",
    [TAILOR_VIPS_GIF] = "GIF", [TAILOR_VIPS_HEIF] = "HEIF",
};

static int known(tailor_vips_format format) { return (unsigned)format < sizeof loaders / sizeof *loaders; }

// Half-decoded images are failures.
#if VIPS_MAJOR_VERSION > 8 || (VIPS_MAJOR_VERSION == 8 && VIPS_MINOR_VERSION >= 12)
#define STRICT "fail_on", VIPS_FAIL_ON_ERROR
#else
#define STRICT "fail", TRUE
#endif
#define OPTIONS "access", VIPS_ACCESS_SEQUENTIAL, STRICT, NULL

/// +1 or NULL with libvips's error set.
static VipsImage *load(const void *data, size_t size, tailor_vips_format format) {
    VipsImage *image = NULL;
    void *bytes = (void *)data;  // libvips's signature; it only reads
    switch (format) {
    case TAILOR_VIPS_PNG: vips_pngload_buffer(bytes, size, &image, OPTIONS); break;
    case TAILOR_VIPS_TIFF: vips_tiffload_buffer(bytes, size, &image, OPTIONS); break;
    case TAILOR_VIPS_WEBP: vips_webpload_buffer(bytes, size, &image, OPTIONS); break;
    case TAILOR_VIPS_GIF: vips_gifload_buffer(bytes, size, &image, OPTIONS); break;
    case TAILOR_VIPS_HEIF: vips_heifload_buffer(bytes, size, &image, OPTIONS); break;
    }
    return image;
}

static tailor_vips_layout layout_of(VipsImage *image, tailor_vips_format kind, int tiff_alpha) {
    VipsBandFormat format = vips_image_get_format(image);
    int cmyk = vips_image_get_interpretation(image) == VIPS_INTERPRETATION_CMYK;
    int bands = vips_image_get_bands(image), alpha = -1;
    if (kind == TAILOR_VIPS_TIFF) {
        if (tiff_alpha > 0 && tiff_alpha < bands) alpha = bands - tiff_alpha;
    } else if (bands == 2 || bands > (cmyk ? 4 : 3)) {
        alpha = bands - 1;
    }
    tailor_vips_layout layout = {
        .bits = format == VIPS_FORMAT_UCHAR ? 8 : format == VIPS_FORMAT_USHORT ? 16 : 0,
        .bands = bands,
        .colors = cmyk ? 4 : (alpha < 0 ? bands : alpha) >= 3 ? 3 : 1,
        .alpha = alpha,
    };
    return layout;
}

/// Whether the numbers mean what the conversion takes them to mean.
static int has_plain_colours(VipsImage *image) {
    switch (vips_image_get_interpretation(image)) {
    case VIPS_INTERPRETATION_sRGB:
    case VIPS_INTERPRETATION_RGB:
    case VIPS_INTERPRETATION_RGB16:
    case VIPS_INTERPRETATION_CMYK:
        return 1;
    case VIPS_INTERPRETATION_B_W:
    case VIPS_INTERPRETATION_GREY16:
    case VIPS_INTERPRETATION_MULTIBAND:
        // More are measurements whose colours the file does not name.
        return vips_image_get_bands(image) <= 4;
    default:
        return 0;
    }
}

/// Pulls the next rows in strips, top to bottom. 0 or -1 with libvips's error set.
static int pull(tailor_vips_image *handle, uint8_t *rgb, int rows) {
    const int strip = 64;
    int width = vips_image_get_width(handle->image), first = handle->next_row;
    VipsRegion *region = vips_region_new(handle->image);
    if (region == NULL) return -1;
    int result = 0;
    for (int top = first; top < first + rows && result == 0; top += strip) {
        VipsRect area = {0, top, width, first + rows - top < strip ? first + rows - top : strip};
        result = vips_region_prepare(region, &area);
        for (int y = 0; result == 0 && y < area.height; y++) {
            uint8_t *row = rgb + ((size_t)(top - first + y) * (size_t)width) * 3;
            const void *samples = VIPS_REGION_ADDR(region, 0, top + y);
            tailor_vips_convert(handle->layout, samples, row, (size_t)width);
            if (handle->layout.bits == 16) {
                int32_t found = tailor_vips_largest_sample(handle->layout, samples, (size_t)width);
                if (found > handle->largest) handle->largest = found;
            }
        }
    }
    g_object_unref(region);
    handle->next_row += rows;
    return result;
}

tailor_vips_status tailor_vips_open(tailor_vips_image **out, tailor_vips_info *info, const void *data,
                                    size_t size, tailor_vips_format format, int32_t tiff_alpha,
                                    char *message) {
    *out = NULL;
    memset(info, 0, sizeof *info);
    message[0] = '\0';
    if (tailor_vips_start() != 0 || !known(format)) {
        snprintf(message, TAILOR_VIPS_MESSAGE_SIZE, "libvips does not start");
        return TAILOR_VIPS_FAILED;
    }
    if (!tailor_vips_reads(format)) {
        snprintf(message, TAILOR_VIPS_MESSAGE_SIZE, "this libvips (%s) is built without %s",
                 vips_version_string(), names[format]);
        return TAILOR_VIPS_UNSUPPORTED;
    }
    tailor_vips_lock_shared();
    VipsImage *image = load(data, size, format);
    tailor_vips_unlock_shared();
    if (image == NULL) {
        tailor_vips_lock_alone();
        vips_error_clear();
        image = load(data, size, format);
        if (image == NULL) tailor_vips_take_message(message);
        tailor_vips_unlock_alone();
    }
    if (image == NULL) return TAILOR_VIPS_FAILED;

    tailor_vips_layout layout = layout_of(image, format, tiff_alpha);
    tailor_vips_image *handle = calloc(1, sizeof *handle);
    if (handle == NULL) {
        g_object_unref(image);
        snprintf(message, TAILOR_VIPS_MESSAGE_SIZE, "out of memory");
        return TAILOR_VIPS_NO_MEMORY;
    }
    if (!tailor_vips_convertible(layout) || !has_plain_colours(image)) {
        snprintf(message, TAILOR_VIPS_MESSAGE_SIZE, "%d band%s of %s samples in colour space %s",
                 layout.bands, layout.bands == 1 ? "" : "s",
                 vips_enum_nick(VIPS_TYPE_BAND_FORMAT, vips_image_get_format(image)),
                 vips_enum_nick(VIPS_TYPE_INTERPRETATION, vips_image_get_interpretation(image)));
        g_object_unref(image);
        free(handle);
        return TAILOR_VIPS_UNSUPPORTED;
    }
    info->width = vips_image_get_width(image);
    info->height = vips_image_get_height(image);
    info->colors = layout.colors;
    info->alpha = layout.alpha >= 0;
    info->dropped = layout.bands - layout.colors - info->alpha;
    info->bits = layout.bits;
    int orientation = 0;
    if (vips_image_get_typeof(image, VIPS_META_ORIENTATION) != 0
        && vips_image_get_int(image, VIPS_META_ORIENTATION, &orientation) != 0) {
        orientation = 0;
    }
    info->orientation = orientation >= 1 && orientation <= 8 ? orientation : 0;
    const void *xmp = NULL;
    size_t xmp_size = 0;
    if (vips_image_get_typeof(image, VIPS_META_XMP_NAME) != 0
        && vips_image_get_blob(image, VIPS_META_XMP_NAME, &xmp, &xmp_size) == 0) {
        info->xmp = xmp;
        info->xmp_size = xmp_size;
    }
    handle->image = image;
    handle->layout = layout;
    handle->largest = -1;
    *out = handle;
    return TAILOR_VIPS_OK;
}

int32_t tailor_vips_largest(const tailor_vips_image *handle) { return handle->largest; }

tailor_vips_status tailor_vips_read(tailor_vips_image *handle, uint16_t low, uint16_t high, uint8_t *rgb,
                                    size_t rgb_size, int64_t rows, char *message) {
    handle->layout.low = low;
    handle->layout.high = high;
    message[0] = '\0';
    size_t width = (size_t)vips_image_get_width(handle->image);
    int height = vips_image_get_height(handle->image);
    if (rgb == NULL || rows < 1 || rows > height - handle->next_row || width * (size_t)rows * 3 != rgb_size) {
        snprintf(message, TAILOR_VIPS_MESSAGE_SIZE, "the buffer has %zu bytes for %lld rows", rgb_size,
                 (long long)rows);
        return TAILOR_VIPS_ARGUMENT;
    }
    tailor_vips_lock_shared();
    int result = pull(handle, rgb, (int)rows);
    tailor_vips_unlock_shared();
    if (result == 0) return TAILOR_VIPS_OK;
    // Its text may be another thread's, and learning which would take decoding once more, alone.
    vips_error_clear();
    return TAILOR_VIPS_FAILED;
}

void tailor_vips_close(tailor_vips_image *handle) {
    if (handle == NULL) return;
    g_object_unref(handle->image);
    free(handle);
    // The caller's threads are not libvips's: hand back what it keeps for each.
    vips_thread_shutdown();
}

int32_t tailor_vips_reads(tailor_vips_format format) {
    return tailor_vips_start() == 0 && known(format) && vips_type_find("VipsOperation", loaders[format]) != 0;
}
