package dev.cleanbreak;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A selector that always gives the same answer, or refuses if that is null. */
final class ScriptedSelector extends ProxySelector {
  final List<URI> asked = new CopyOnWriteArrayList<>();
  final List<SocketAddress> failed = new CopyOnWriteArrayList<>();
  private final List<Proxy> answer;

  ScriptedSelector(List<Proxy> answer) {
    this.answer = answer;
  }

  @Override
  public List<Proxy> select(URI uri) {
    asked.add(uri);
    if (answer == null) {
      throw new IllegalArgumentException("refused");
    }
    return answer;
  }

  @Override
  public void connectFailed(URI uri, SocketAddress proxy, IOException why) {
    failed.add(proxy);
  }
}
