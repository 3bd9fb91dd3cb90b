/* zlib can be called from Swift as it is; no shim of our own is needed. */
#include <zlib.h>
