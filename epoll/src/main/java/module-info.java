/** The transport for Linux. Nothing of it is API: it is found at run time. */
@org.jspecify.annotations.NullMarked
module dev.cleanbreak.epoll {
  requires dev.cleanbreak;
  requires static org.jspecify;

  provides dev.cleanbreak.spi.Transport with
      dev.cleanbreak.epoll.EpollTransport;
}
