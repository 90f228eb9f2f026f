// One of libcurl's easy handles as all our clients need it: HTTP/1.1, the head of an answer is read with
// mistrust (answer_head.h), and no socket stays open in programs that are started meanwhile. Not thread-safe.
#pragma once

#include <curl/curl.h>

#include <string>

#include "http/answer_head.h"

namespace ourvidz::http {

class CurlHandle {
  public:
    CurlHandle();
    ~CurlHandle();
    CurlHandle(const CurlHandle&) = delete;
    CurlHandle& operator=(const CurlHandle&) = delete;

    // For the next exchange: nothing of the last one's options, headers and answer stays, and its connection
    // does.
    void reset(const std::string& url);
    // `value` as libcurl wants it for the option; texts are copied.
    template <class Value>
    void set(CURLoption option, Value value) {
        curl_easy_setopt(handle_, option, value);
    }
    // A line without its end, such as "Accept: text/html".
    void add_header(const std::string& line);

    // Of the answer at hand, after all redirects; 0 before there is one.
    [[nodiscard]] int status() const;
    [[nodiscard]] const AnswerHead& head() const { return head_; }
    // Why an exchange ended with this code, in words that go on a sentence.
    [[nodiscard]] std::string reason(CURLcode code) const;
    [[nodiscard]] CURL* get() const { return handle_; }

  private:
    static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address);
    static std::size_t on_header(char* data, std::size_t one, std::size_t size, void* self);

    CURL* handle_;
    curl_slist* headers_ = nullptr;
    char reason_[CURL_ERROR_SIZE] = "";  // where libcurl writes
    AnswerHead head_;
    bool mistrusts_answer_ = false;
};

}  // namespace ourvidz::http
