/* OpenVINO's C API can be called from Swift as it is; no shim of our own is needed. */
#include <openvino/c/openvino.h>
