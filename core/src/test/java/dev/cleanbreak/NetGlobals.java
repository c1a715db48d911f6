package dev.cleanbreak;

import java.net.Authenticator;
import java.net.ProxySelector;
import java.util.LinkedHashMap;
import java.util.Map;

/** What sockets ask of the whole JVM: set for one test and put back by {@link #close}. */
final class NetGlobals implements AutoCloseable {
  private final ProxySelector selector = ProxySelector.getDefault();
  private final Authenticator authenticator = Authenticator.getDefault();
  private final Map<String, String> properties = new LinkedHashMap<>();

  NetGlobals set(String property, String value) {
    if (!properties.containsKey(property)) {
      properties.put(property, System.getProperty(property));
    }
    System.setProperty(property, value);
    return this;
  }

  NetGlobals select(ProxySelector chosen) {
    ProxySelector.setDefault(chosen);
    return this;
  }

  NetGlobals authenticate(Authenticator chosen) {
    Authenticator.setDefault(chosen);
    return this;
  }

  @Override
  public void close() {
    ProxySelector.setDefault(selector);
    Authenticator.setDefault(authenticator);
    properties.forEach((name, value) -> {
      if (value == null) {
        System.clearProperty(name);
      } else {
        System.setProperty(name, value);
      }
    });
  }
}
