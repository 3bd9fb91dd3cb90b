// PNG, TIFF, WebP, GIF and HEIF through libvips: 8-bit RGB out, whatever the file holds.
//
// Every function may be called from any thread; one image belongs to one thread at a time.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    TAILOR_VIPS_OK = 0,
    TAILOR_VIPS_FAILED = 1,       // truncated, corrupt...; of a header, libvips's message says why
    TAILOR_VIPS_UNSUPPORTED = 2,  // a sound file of a kind that is not read, or a format not built in
    TAILOR_VIPS_ARGUMENT = 3,     // the caller's buffer does not fit
    TAILOR_VIPS_NO_MEMORY = 4,
} tailor_vips_status;

typedef enum {
    TAILOR_VIPS_PNG = 0,
    TAILOR_VIPS_TIFF = 1,
    TAILOR_VIPS_WEBP = 2,
    TAILOR_VIPS_GIF = 3,
    TAILOR_VIPS_HEIF = 4,
} tailor_vips_format;

#define TAILOR_VIPS_MESSAGE_SIZE 256

typedef struct {
    int64_t width;        // pixels, as stored (before orientation)
    int64_t height;
    int32_t colors;       // bands of colour: 1 grey, 3 red, green, blue, 4 CMYK
    int32_t alpha;        // 1 when there is an alpha band, else 0
    int32_t dropped;      // bands that are neither colour nor alpha, and are left out
    int32_t bits;         // a sample, as delivered: 8 or 16; 0: neither
    int32_t orientation;  // 1 to 8; 0 when the file says nothing or libvips has applied it
    const uint8_t *xmp;   // XMP packet, or NULL; lives as the image
    size_t xmp_size;
} tailor_vips_info;

typedef struct tailor_vips_image tailor_vips_image;

/// `tiff_alpha`: which band of a TIFF is alpha, counted from the last, which is 1; 0: none. (libvips does
/// not hand on what the file says.) In other formats the last of two or four bands is alpha.
/// Reads the header, first frame or page only, and decodes no pixel (HEIF excepted, where the
/// library decides). `data` must stay where it is until the image is closed.
/// *out: +1, to be closed with tailor_vips_close; NULL on failure. `message`: at least
/// TAILOR_VIPS_MESSAGE_SIZE bytes, a line on failure, else empty.
tailor_vips_status tailor_vips_open(tailor_vips_image **out, tailor_vips_info *info, const void *data,
                                    size_t size, tailor_vips_format format, int32_t tiff_alpha,
                                    char *message);

/// Decodes the next `rows` rows into `rgb`: width x rows x 3 bytes, interleaved, no padding.
/// 16 bits are scaled to 8 (divided by 257, rounded), alpha is laid over white, grey becomes equal
/// red, green and blue, CMYK is converted without a profile as Pillow does. Memory beyond `rgb` is a
/// strip of rows, except where the format needs the whole image (interlaced PNG...). `low`, `high`: 16-bit
/// colours that become black and white, low < high; both 0: 0 and 65535. `message`: empty when the pixels
/// cannot be decoded.
tailor_vips_status tailor_vips_read(tailor_vips_image *image, uint16_t low, uint16_t high, uint8_t *rgb,
                                    size_t rgb_size, int64_t rows, char *message);

/// The largest 16-bit colour sample that tailor_vips_read met, before `low` and `high`; -1 for 8 bits.
int32_t tailor_vips_largest(const tailor_vips_image *image);

/// NULL is fine.
void tailor_vips_close(tailor_vips_image *image);

/// Encodes interleaved RGB as PNG. *out: +1, to be released with tailor_vips_free.
tailor_vips_status tailor_vips_encode_png(uint8_t **out, size_t *out_size, const uint8_t *rgb, int64_t width,
                                          int64_t height, char *message);

/// Draws one line of text in UTF-8, `pixels` high from the lowest descender to the highest ascender or a little
/// less, in the system's sans-serif font. *out: width x height bytes, 0 paper to 255 ink; +1, to be released with
/// tailor_vips_free. TAILOR_VIPS_UNSUPPORTED where libvips was built without text or there is no font.
tailor_vips_status tailor_vips_text(uint8_t **out, int64_t *width, int64_t *height, const char *text,
                                    int32_t pixels, char *message);

void tailor_vips_free(uint8_t *bytes);

/// 1 when this libvips reads the format, else 0.
int32_t tailor_vips_reads(tailor_vips_format format);

/// "8.14.1", as running; static. NULL when libvips does not start.
const char *tailor_vips_version(void);

#ifdef __cplusplus
}
#endif
