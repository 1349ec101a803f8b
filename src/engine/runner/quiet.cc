/**
 * Collects what native code writes on stderr while TensorFlow loads and looks for cards: it logs six lines there on a
 * machine with a card, some before any setting of its own is read. Linked with nothing, so that it can be loaded first.
 */
#include <node_api.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace {

int saved = -1, collected = -1;

/** mute(): from now on stderr is collected. */
napi_value mute(napi_env, napi_callback_info) {
  if (saved >= 0) return nullptr;
  std::fflush(stderr);
  collected = memfd_create("medchaos-stderr", 0);
  if (collected < 0) return nullptr;
  saved = dup(STDERR_FILENO);
  dup2(collected, STDERR_FILENO);
  return nullptr;
}

/** unmute() -> what came meanwhile. */
napi_value unmute(napi_env env, napi_callback_info) {
  std::string text;
  if (saved >= 0) {
    std::fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    char part[4096];
    lseek(collected, 0, SEEK_SET);
    for (ssize_t size; (size = read(collected, part, sizeof part)) > 0;) text.append(part, size);
    close(collected);
    saved = collected = -1;
  }
  napi_value value;
  napi_create_string_utf8(env, text.data(), text.size(), &value);
  return value;
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "mute", NAPI_AUTO_LENGTH, mute, nullptr, &function);
  napi_set_named_property(env, exports, "mute", function);
  napi_create_function(env, "unmute", NAPI_AUTO_LENGTH, unmute, nullptr, &function);
  napi_set_named_property(env, exports, "unmute", function);
  return exports;
}
