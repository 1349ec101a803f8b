/**
 * Runs TensorFlow graphs for JavaScript, through TensorFlow's C API and Node-API.
 *
 * Memory: TensorFlow never sees memory of JavaScript. A feed is copied into a tensor that TensorFlow allocates, a
 * fetched tensor is copied into a new ArrayBuffer. So TensorFlow may drop a tensor on any thread, and no thread but
 * JavaScript's calls Node-API. (The addon of @tensorflow/tfjs-node 4.22 lends its typed arrays to TensorFlow, whose
 * threads then call napi_delete_reference: `../addon-patch.ts`.)
 *
 * JavaScript's side, with its types: `../runner.ts`.
 */
#include <node_api.h>
#include <tensorflow/c/c_api.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace {

/** Throws in JavaScript and returns `nothing`, which the calling function names. */
#define REQUIRE(env, condition, message)        \
  if (!(condition)) {                           \
    napi_throw_type_error(env, nullptr, message); \
    return nothing;                             \
  }
#define CALL(env, call) REQUIRE(env, (call) == napi_ok, "Node-API: " #call " failed")

struct FreeStatus { void operator()(TF_Status* status) const { TF_DeleteStatus(status); } };
struct FreeTensor { void operator()(TF_Tensor* tensor) const { TF_DeleteTensor(tensor); } };
struct FreeBuffer { void operator()(TF_Buffer* buffer) const { TF_DeleteBuffer(buffer); } };
using Status = std::unique_ptr<TF_Status, FreeStatus>;
using Tensor = std::unique_ptr<TF_Tensor, FreeTensor>;
using Buffer = std::unique_ptr<TF_Buffer, FreeBuffer>;

Status new_status() { return Status(TF_NewStatus()); }
bool ok(const Status& status) { return TF_GetCode(status.get()) == TF_OK; }

/** An Error whose `code` is TensorFlow's number of the kind of failure (`TF_Code`): 8 is out of memory. */
napi_value error_of(napi_env env, const Status& status) {
  napi_value code, message, error;
  const std::string number = std::to_string(TF_GetCode(status.get()));
  napi_create_string_utf8(env, number.c_str(), number.size(), &code);
  napi_create_string_utf8(env, TF_Message(status.get()), NAPI_AUTO_LENGTH, &message);
  napi_create_error(env, code, message, &error);
  return error;
}

/** A graph with its session. Whoever runs it holds a share: closing it waits for the last run. */
struct Session {
  TF_Graph* graph = TF_NewGraph();
  TF_Session* session = nullptr;
  ~Session() {
    const Status status = new_status();
    if (session) TF_DeleteSession(session, status.get());
    TF_DeleteGraph(graph);
  }
};
using SharedSession = std::shared_ptr<Session>;

/** One run: everything that the thread which runs it needs, and no value of JavaScript. */
struct Run {
  SharedSession session;
  std::vector<TF_Output> inputs, outputs;
  std::vector<Tensor> fed;
  std::vector<Tensor> fetched;
  Status status = new_status();
  napi_deferred deferred = nullptr;
  napi_async_work work = nullptr;

  void execute() {
    std::vector<TF_Tensor*> in, out(outputs.size(), nullptr);
    for (const Tensor& tensor : fed) in.push_back(tensor.get());
    TF_SessionRun(session->session, nullptr, inputs.data(), in.data(), in.size(), outputs.data(), out.data(),
                  out.size(), nullptr, 0, nullptr, status.get());
    for (TF_Tensor* tensor : out) fetched.emplace_back(tensor);
  }
};

/** Runs that are under way on other threads: `leave` must not wait for them. */
std::atomic<int> running{0};

bool text_of(napi_env env, napi_value value, std::string* text) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) return false;
  text->resize(length);
  return napi_get_value_string_utf8(env, value, &(*text)[0], length + 1, &length) == napi_ok;
}

bool type_of(napi_typedarray_type array, TF_DataType* type, size_t* width) {
  switch (array) {
    case napi_float32_array: *type = TF_FLOAT; *width = 4; return true;
    case napi_int32_array: *type = TF_INT32; *width = 4; return true;
    case napi_uint8_array: *type = TF_UINT8; *width = 1; return true;
    default: return false;
  }
}

/** Copies a typed array into a tensor of TensorFlow's own; null with an exception where they do not fit. */
Tensor tensor_of(napi_env env, napi_value array, napi_value shape) {
  napi_typedarray_type kind;
  size_t length, width;
  void* data;
  TF_DataType type;
  if (napi_get_typedarray_info(env, array, &kind, &length, &data, nullptr, nullptr) != napi_ok ||
      !type_of(kind, &type, &width)) {
    napi_throw_type_error(env, nullptr, "a feed expected a Float32Array, Int32Array or Uint8Array");
    return nullptr;
  }
  uint32_t rank = 0;
  napi_get_array_length(env, shape, &rank);
  std::vector<int64_t> sizes(rank);
  size_t count = 1;
  for (uint32_t i = 0; i < rank; i++) {
    napi_value size;
    if (napi_get_element(env, shape, i, &size) != napi_ok || napi_get_value_int64(env, size, &sizes[i]) != napi_ok ||
        sizes[i] < 0) {
      napi_throw_type_error(env, nullptr, "the shape of a feed expected integers from 0");
      return nullptr;
    }
    count *= sizes[i];
  }
  if (count != length) {
    const std::string message = "a feed expected " + std::to_string(count) + " values for its shape, got " + std::to_string(length);
    napi_throw_range_error(env, nullptr, message.c_str());
    return nullptr;
  }
  Tensor tensor(TF_AllocateTensor(type, sizes.data(), rank, length * width));
  if (length > 0) std::memcpy(TF_TensorData(tensor.get()), data, length * width);
  return tensor;
}

/** Copies a fetched tensor into a typed array of JavaScript. */
napi_value array_of(napi_env env, const TF_Tensor* tensor) {
  const napi_value nothing = nullptr;
  const TF_DataType type = TF_TensorType(tensor);
  REQUIRE(env, type == TF_FLOAT || type == TF_INT32 || type == TF_UINT8, "a fetch is neither float32, int32 nor uint8");
  const size_t bytes = TF_TensorByteSize(tensor);
  void* data;
  napi_value buffer, array;
  CALL(env, napi_create_arraybuffer(env, bytes, &data, &buffer));
  if (bytes > 0) std::memcpy(data, TF_TensorData(tensor), bytes);
  const auto kind = type == TF_FLOAT ? napi_float32_array : type == TF_INT32 ? napi_int32_array : napi_uint8_array;
  CALL(env, napi_create_typedarray(env, kind, type == TF_UINT8 ? bytes : bytes / 4, buffer, 0, &array));
  return array;
}

napi_value arrays_of(napi_env env, const Run& run) {
  const napi_value nothing = nullptr;
  napi_value arrays;
  CALL(env, napi_create_array_with_length(env, run.fetched.size(), &arrays));
  for (size_t i = 0; i < run.fetched.size(); i++) {
    const napi_value array = array_of(env, run.fetched[i].get());
    if (!array) return nullptr;
    CALL(env, napi_set_element(env, arrays, i, array));
  }
  return arrays;
}

bool outputs_of(napi_env env, napi_value names, TF_Graph* graph, std::vector<TF_Output>* outputs) {
  const bool nothing = false;
  uint32_t count;
  CALL(env, napi_get_array_length(env, names, &count));
  for (uint32_t i = 0; i < count; i++) {
    napi_value value;
    std::string name;
    CALL(env, napi_get_element(env, names, i, &value));
    REQUIRE(env, text_of(env, value, &name), "the name of a node expected text");
    TF_Operation* operation = TF_GraphOperationByName(graph, name.c_str());
    REQUIRE(env, operation, ("the graph has no node " + name).c_str());
    outputs->push_back({operation, 0});
  }
  return true;
}

SharedSession session_of(napi_env env, napi_value handle) {
  void* data = nullptr;
  if (napi_get_value_external(env, handle, &data) != napi_ok || !data || !*static_cast<SharedSession*>(data)) {
    napi_throw_type_error(env, nullptr, "the session is closed");
    return nullptr;
  }
  return *static_cast<SharedSession*>(data);
}

/** Reads (session, feed names, feed arrays, feed shapes, fetch names). */
std::unique_ptr<Run> run_of(napi_env env, napi_callback_info info) {
  napi_value args[5];
  size_t count = 5;
  auto run = std::make_unique<Run>();
  if (napi_get_cb_info(env, info, &count, args, nullptr, nullptr) != napi_ok || count < 5) {
    napi_throw_type_error(env, nullptr, "expected session, names, arrays, shapes, fetches");
    return nullptr;
  }
  run->session = session_of(env, args[0]);
  if (!run->session) return nullptr;
  TF_Graph* graph = run->session->graph;
  if (!outputs_of(env, args[1], graph, &run->inputs) || !outputs_of(env, args[4], graph, &run->outputs)) return nullptr;
  for (uint32_t i = 0; i < run->inputs.size(); i++) {
    napi_value array, shape;
    if (napi_get_element(env, args[2], i, &array) != napi_ok || napi_get_element(env, args[3], i, &shape) != napi_ok)
      return nullptr;
    Tensor tensor = tensor_of(env, array, shape);
    if (!tensor) return nullptr;
    run->fed.push_back(std::move(tensor));
  }
  return run;
}

/** run(session, names, arrays, shapes, fetches) -> typed arrays; JavaScript waits. */
napi_value run_here(napi_env env, napi_callback_info info) {
  const auto run = run_of(env, info);
  if (!run) return nullptr;
  run->execute();
  if (ok(run->status)) return arrays_of(env, *run);
  napi_throw(env, error_of(env, run->status));
  return nullptr;
}

void execute_elsewhere(napi_env, void* data) { static_cast<Run*>(data)->execute(); }

void complete(napi_env env, napi_status, void* data) {
  const std::unique_ptr<Run> run(static_cast<Run*>(data));
  running--;
  const napi_value arrays = ok(run->status) ? arrays_of(env, *run) : nullptr;
  if (arrays) {
    napi_resolve_deferred(env, run->deferred, arrays);
  } else {
    napi_value error;
    bool thrown = false;
    napi_is_exception_pending(env, &thrown);
    if (thrown) napi_get_and_clear_last_exception(env, &error);
    else error = error_of(env, run->status);
    napi_reject_deferred(env, run->deferred, error);
  }
  napi_delete_async_work(env, run->work);
}

/** As run, on a thread of Node's pool: a promise of the typed arrays. */
napi_value run_elsewhere(napi_env env, napi_callback_info info) {
  const napi_value nothing = nullptr;
  auto run = run_of(env, info);
  if (!run) return nullptr;
  napi_value promise, name;
  CALL(env, napi_create_promise(env, &run->deferred, &promise));
  CALL(env, napi_create_string_utf8(env, "medchaos.run", NAPI_AUTO_LENGTH, &name));
  CALL(env, napi_create_async_work(env, nullptr, name, execute_elsewhere, complete, run.get(), &run->work));
  CALL(env, napi_queue_async_work(env, run->work));
  running++;
  run.release();
  return promise;
}

bool bytes_of(napi_env env, napi_value value, void** data, size_t* length) {
  napi_typedarray_type kind;
  return napi_get_typedarray_info(env, value, &kind, length, data, nullptr, nullptr) == napi_ok && kind == napi_uint8_array;
}

/** open(GraphDef, ConfigProto) -> session; both serialised, no bytes is an empty one. */
napi_value open_session(napi_env env, napi_callback_info info) {
  const napi_value nothing = nullptr;
  napi_value args[2];
  size_t count = 2, graph_size = 0, config_size = 0;
  void *graph = nullptr, *config = nullptr;
  CALL(env, napi_get_cb_info(env, info, &count, args, nullptr, nullptr));
  REQUIRE(env, count == 2 && bytes_of(env, args[0], &graph, &graph_size) && bytes_of(env, args[1], &config, &config_size),
          "expected a GraphDef and a ConfigProto as Uint8Arrays");
  const Status status = new_status();
  auto session = std::make_shared<Session>();
  const Buffer definition(TF_NewBufferFromString(graph, graph_size));
  TF_ImportGraphDefOptions* how = TF_NewImportGraphDefOptions();
  TF_GraphImportGraphDef(session->graph, definition.get(), how, status.get());
  TF_DeleteImportGraphDefOptions(how);
  TF_SessionOptions* options = TF_NewSessionOptions();
  if (ok(status)) TF_SetConfig(options, config, config_size, status.get());
  if (ok(status)) session->session = TF_NewSession(session->graph, options, status.get());
  TF_DeleteSessionOptions(options);
  if (!ok(status)) {
    napi_throw(env, error_of(env, status));
    return nullptr;
  }
  napi_value handle;
  const auto drop = [](napi_env, void* data, void*) { delete static_cast<SharedSession*>(data); };
  auto* held = new SharedSession(std::move(session));
  if (napi_create_external(env, held, drop, nullptr, &handle) == napi_ok) return handle;
  delete held;
  return nullptr;
}

/** close(session): its memory is free when its last run has ended. */
napi_value close_session(napi_env env, napi_callback_info info) {
  const napi_value nothing = nullptr;
  napi_value handle;
  size_t count = 1;
  void* data = nullptr;
  CALL(env, napi_get_cb_info(env, info, &count, &handle, nullptr, nullptr));
  CALL(env, napi_get_value_external(env, handle, &data));
  static_cast<SharedSession*>(data)->reset();
  return nullptr;
}

/** devices(session) -> {name, bytes} of each device that it can compute on; bytes is its memory, as TensorFlow may use it. */
napi_value devices_of(napi_env env, napi_callback_info info) {
  const napi_value nothing = nullptr;
  napi_value handle, names;
  size_t count = 1;
  CALL(env, napi_get_cb_info(env, info, &count, &handle, nullptr, nullptr));
  const SharedSession session = session_of(env, handle);
  if (!session) return nullptr;
  const Status status = new_status();
  TF_DeviceList* devices = TF_SessionListDevices(session->session, status.get());
  if (!ok(status)) {
    napi_throw(env, error_of(env, status));
    return nullptr;
  }
  napi_create_array(env, &names);
  for (int i = 0; i < TF_DeviceListCount(devices); i++) {
    napi_value name, bytes, device;
    napi_create_string_utf8(env, TF_DeviceListName(devices, i, status.get()), NAPI_AUTO_LENGTH, &name);
    napi_create_double(env, static_cast<double>(TF_DeviceListMemoryBytes(devices, i, status.get())), &bytes);
    napi_create_object(env, &device);
    napi_set_named_property(env, device, "name", name);
    napi_set_named_property(env, device, "bytes", bytes);
    napi_set_element(env, names, i, device);
  }
  TF_DeleteDeviceList(devices);
  return names;
}

/**
 * leave(exit code): ends the process at once if a run is under way on another thread, for whose libraries an orderly
 * end would free their memory amid it. To be called last, from an `exit` listener.
 */
napi_value leave(napi_env env, napi_callback_info info) {
  const napi_value nothing = nullptr;
  napi_value value;
  size_t count = 1;
  int32_t code = 0;
  CALL(env, napi_get_cb_info(env, info, &count, &value, nullptr, nullptr));
  CALL(env, napi_get_value_int32(env, value, &code));
  if (running > 0) std::_Exit(code);
  return nullptr;
}

}  // namespace

NAPI_MODULE_INIT() {
  const napi_value nothing = nullptr;
  napi_value version;
  CALL(env, napi_create_string_utf8(env, TF_Version(), NAPI_AUTO_LENGTH, &version));
  const napi_property_descriptor properties[] = {
      {"version", nullptr, nullptr, nullptr, nullptr, version, napi_enumerable, nullptr},
      {"open", nullptr, open_session, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"close", nullptr, close_session, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"devices", nullptr, devices_of, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"run", nullptr, run_here, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"runAsync", nullptr, run_elsewhere, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"leave", nullptr, leave, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  CALL(env, napi_define_properties(env, exports, sizeof(properties) / sizeof(properties[0]), properties));
  return exports;
}
