#include "http/curl_handle.h"

#include <sys/socket.h>

#include <cstdlib>

namespace ourvidz::http {
namespace {

// libcurl wants to be set up once before threads use it; a static in a function is.
void set_up_libcurl() {
    static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    if (!ready) std::abort();  // only without memory
}

}  // namespace

CurlHandle::CurlHandle() {
    set_up_libcurl();
    handle_ = curl_easy_init();
    if (handle_ == nullptr) std::abort();  // only without memory
}

CurlHandle::~CurlHandle() {
    curl_easy_cleanup(handle_);
    curl_slist_free_all(headers_);
}

void CurlHandle::reset(const std::string& url) {
    curl_easy_reset(handle_);
    curl_slist_free_all(headers_);
    headers_ = nullptr;
    head_ = AnswerHead();
    mistrusts_answer_ = false;
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    reason_[0] = '\0';
    set(CURLOPT_ERRORBUFFER, reason_);
    set(CURLOPT_HEADERFUNCTION, &CurlHandle::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_OPENSOCKETFUNCTION, &CurlHandle::on_open);
}

void CurlHandle::add_header(const std::string& line) {
    headers_ = curl_slist_append(headers_, line.c_str());
    set(CURLOPT_HTTPHEADER, headers_);
}

int CurlHandle::status() const {
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    return static_cast<int>(status);
}

std::string CurlHandle::reason(CURLcode code) const {
    if (mistrusts_answer_) return "the server's answer does not say where it ends";
    return reason_[0] != '\0' ? reason_ : curl_easy_strerror(code);
}

// libcurl's own sockets would stay open in programs that are started meanwhile.
curl_socket_t CurlHandle::on_open(void*, curlsocktype, curl_sockaddr* address) {
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t CurlHandle::on_header(char* data, std::size_t, std::size_t size, void* self) {
    auto& handle = *static_cast<CurlHandle*>(self);
    if (handle.head_.take({data, size})) return size;
    handle.mistrusts_answer_ = true;
    return 0;
}

}  // namespace ourvidz::http
