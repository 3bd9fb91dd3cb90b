/* OpenSSL's EVP interface can be called from Swift as it is; no shim of our own is needed. */
#include <openssl/err.h>
#include <openssl/evp.h>
