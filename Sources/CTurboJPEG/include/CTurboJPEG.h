// JPEG through libjpeg(-turbo). Plain C on purpose: libjpeg reports errors by longjmp, which must
// never cross a Swift or C++ frame; here it ends in a code and a message.
//
// Every function may be called from any thread; one decoder belongs to one thread at a time.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    TAILOR_JPEG_OK = 0,
    TAILOR_JPEG_TRUNCATED = 1,    // the data ends too early
    TAILOR_JPEG_CORRUPT = 2,      // the data contradicts itself
    TAILOR_JPEG_UNSUPPORTED = 3,  // a sound JPEG of a kind that is not read (12 bits, two components...)
    TAILOR_JPEG_LIMIT = 4,        // too many scans, or more memory than allowed
    TAILOR_JPEG_NO_MEMORY = 5,
    TAILOR_JPEG_ARGUMENT = 6,     // the caller's buffer or numbers do not fit
} tailor_jpeg_status;

#define TAILOR_JPEG_MESSAGE_SIZE 256

typedef struct {
    int64_t width;         // pixels, as stored (before EXIF orientation)
    int64_t height;
    int32_t components;    // 1 grey, 3 colour, 4 CMYK or YCCK
    int32_t progressive;   // 0 or 1
    int32_t adobe;         // 1: an Adobe marker was seen
    int32_t arithmetic;    // 1: arithmetic coding, 0: Huffman coding
    int64_t coefficient_bytes;  // held at once when there are several scans; 0 for one
} tailor_jpeg_info;

typedef struct {
    int32_t maximum_scans;
    int64_t maximum_scan_blocks;  // blocks of 8 x 8 samples that all scans visit, when there are several
    int64_t maximum_memory;       // bytes libjpeg may hold, besides the pixels
} tailor_jpeg_limits;

typedef struct tailor_jpeg_decoder tailor_jpeg_decoder;

/// Reads the header. `data` must stay where it is until the decoder is closed.
/// *out: +1, to be closed with tailor_jpeg_close; NULL on failure. `message`: at least
/// TAILOR_JPEG_MESSAGE_SIZE bytes, a sentence on failure, else empty.
tailor_jpeg_status tailor_jpeg_open(tailor_jpeg_decoder **out, tailor_jpeg_info *info, const uint8_t *data,
                                    size_t size, tailor_jpeg_limits limits, char *message);

/// Decodes the next `rows` rows into `rgb`: width x rows x 3 bytes, interleaved, no padding.
/// Grey becomes equal red, green and blue. CMYK is taken as Adobe writes it, inverted, and converted
/// without a profile, both as Pillow does. Damaged data is a failure, never a grey stand-in; after a failure no
/// more rows can be read.
tailor_jpeg_status tailor_jpeg_read(tailor_jpeg_decoder *decoder, uint8_t *rgb, size_t rgb_size, int64_t rows,
                                    char *message);

/// NULL is fine.
void tailor_jpeg_close(tailor_jpeg_decoder *decoder);

/// Encodes interleaved RGB. *out: +1, to be released with tailor_jpeg_free. Quality 1 to 100.
tailor_jpeg_status tailor_jpeg_encode(uint8_t **out, size_t *out_size, const uint8_t *rgb, int64_t width,
                                      int64_t height, int32_t quality, char *message);

void tailor_jpeg_free(uint8_t *bytes);

/// "libjpeg-turbo 2.1.5", as compiled against; static.
const char *tailor_jpeg_version(void);

#ifdef __cplusplus
}
#endif
