#include "port.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace ourvidz::cli {

std::string why_port_is_taken(const config::Address& listen) {
    const bool six = listen.host == "::1";
    const int socket_number = socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int one = 1;
    setsockopt(socket_number, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in four_address{};
    four_address.sin_family = AF_INET;
    four_address.sin_port = htons(static_cast<std::uint16_t>(listen.port));
    inet_pton(AF_INET, listen.host == "localhost" ? "127.0.0.1" : listen.host.c_str(),
              &four_address.sin_addr);
    sockaddr_in6 six_address{};
    six_address.sin6_family = AF_INET6;
    six_address.sin6_port = four_address.sin_port;
    six_address.sin6_addr = in6addr_loopback;
    const auto* chosen = six ? reinterpret_cast<const sockaddr*>(&six_address)
                             : reinterpret_cast<const sockaddr*>(&four_address);
    // Who only binds does not meet the one that listens, where both may use the address again.
    const bool free = bind(socket_number, chosen, six ? sizeof six_address : sizeof four_address) == 0 &&
                      ::listen(socket_number, 1) == 0;
    const std::string why = free ? "" : std::strerror(errno);
    close(socket_number);
    return why;
}

}  // namespace ourvidz::cli
