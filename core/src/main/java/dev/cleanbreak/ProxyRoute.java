package dev.cleanbreak;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The way by which a socket reaches its destination. */
@FunctionalInterface
interface ProxyRoute {
  /** Straight to the destination, whatever the properties say. */
  ProxyRoute DIRECT = ProxyRoute::direct;

  /** As {@link ProxySelector#getDefault} says at the time of the connect. */
  ProxyRoute SELECTED = ProxyRoute::selected;

  /**
   * Connects {@code dial} with {@code destination}: what it reads and sends next is the peer's.
   *
   * @return the destination as far as it is known: unresolved if a proxy has looked it up
   */
  InetSocketAddress open(Dial dial, InetSocketAddress destination) throws IOException;

  /**
   * The way through one proxy.
   *
   * @throws IllegalArgumentException if {@code proxy} is null or has no socket address
   */
  static ProxyRoute through(@Nullable Proxy proxy) {
    if (proxy == null) {
      throw new IllegalArgumentException("Invalid Proxy: null; give Proxy.NO_PROXY for none");
    }
    if (proxy.equals(Proxy.NO_PROXY)) {
      return DIRECT;
    }
    // A copy: a subclass might change its mind. Its constructor checks type and address.
    Proxy copy = new Proxy(proxy.type(), proxy.address());
    InetSocketAddress address = (InetSocketAddress) copy.address();
    return copy.type() == Proxy.Type.HTTP
        ? (dial, destination) -> http(dial, address, destination)
        : (dial, destination) -> socks(dial, address, destination);
  }

  private static InetSocketAddress direct(Dial dial, InetSocketAddress destination)
      throws IOException {
    return dial.open(destination);
  }

  private static InetSocketAddress http(
      Dial dial, InetSocketAddress proxy, InetSocketAddress destination) throws IOException {
    InetSocketAddress told = dial.toldToProxy(destination);
    new HttpConnectHandshake(dial, proxy, told).open();
    return told;
  }

  private static InetSocketAddress socks(
      Dial dial, InetSocketAddress proxy, InetSocketAddress destination) throws IOException {
    InetSocketAddress told = dial.toldToProxy(destination);
    try {
      dial.open(proxy);
    } catch (IOException e) {
      throw e instanceof CutException ? e : unreachable(proxy, e);
    }
    new SocksHandshake(dial, proxy, told).run();
    return told;
  }

  private static SocketException unreachable(Object proxy, IOException cause) {
    SocketException thrown =
        new SocketException("Can't connect to SOCKS proxy " + proxy + ": " + cause.getMessage());
    thrown.initCause(cause);
    return thrown;
  }

  private static InetSocketAddress selected(Dial dial, InetSocketAddress destination)
      throws IOException {
    ProxySelector selector = ProxySelector.getDefault();
    if (selector == null) {
      return direct(dial, destination);
    }
    URI uri = uri(destination);
    Iterator<Proxy> proxies = select(selector, uri).iterator();
    IOException failure = null;
    Proxy proxy = Proxy.NO_PROXY;
    while (proxies.hasNext()) {
      proxy = proxies.next();
      if (proxy == null || proxy.type() != Proxy.Type.SOCKS) {
        return direct(dial, destination);
      }
      if (!(proxy.address() instanceof InetSocketAddress address)) {
        throw new SocketException("Unknown address type for proxy: " + proxy);
      }
      failure = tryToOpen(dial, selector, uri, address);
      if (failure == null) {
        InetSocketAddress told = dial.toldToProxy(destination);
        new SocksHandshake(dial, address, told).run();
        return told;
      }
    }
    if (failure != null) {
      throw unreachable(proxy.address(), failure);
    }
    return direct(dial, destination);
  }

  private static List<Proxy> select(ProxySelector selector, URI uri) throws IOException {
    try {
      List<Proxy> proxies = selector.select(uri);
      return proxies == null ? List.of() : proxies;
    } catch (IllegalArgumentException e) {
      throw new IOException("Failed to select a proxy for " + uri, e);
    }
  }

  /**
   * Opens the connection to one of the selected proxies; returns why it failed, after the selector
   * was told, or null. Of the cuts, only the connect's timeout may be the proxy's fault.
   */
  private static @Nullable IOException tryToOpen(
      Dial dial, ProxySelector selector, URI uri, InetSocketAddress proxy) throws IOException {
    try {
      dial.open(proxy);
      return null;
    } catch (IOException e) {
      CutException cut = e instanceof CutException by ? by : null;
      if (cut == null || cut.cut().kind() == CutKind.TIMEOUT) {
        selector.connectFailed(uri, proxy, e);
      }
      if (cut != null) {
        throw e;
      }
      return e;
    }
  }

  /** What selectors are asked about; the host as it was given, never looked up. */
  private static URI uri(InetSocketAddress destination) throws IOException {
    String host = destination.getHostString();
    String authority = host.indexOf(':') < 0 ? host : "[" + host + "]";
    try {
      return new URI("socket", authority + ":" + destination.getPort(), null, null, null);
    } catch (URISyntaxException e) {
      throw new UnknownHostException(host);
    }
  }
}
