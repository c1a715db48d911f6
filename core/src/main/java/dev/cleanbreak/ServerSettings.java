package dev.cleanbreak;

import java.time.Duration;
import java.util.Objects;

/**
 * How a {@link CleanServer} treats its connections. Immutable; each {@code with} method returns a
 * changed copy.
 */
public final class ServerSettings {
  private static final ServerSettings DEFAULT = new ServerSettings();

  private String name = "server";
  private int maxConnections = Integer.MAX_VALUE;
  private boolean refusing;

  // Nanoseconds; NEVER for no limit.
  private long connectionLimit = Ticks.NEVER;
  private long idleLimit = Ticks.NEVER;
  private long lingerLimit = Duration.ofSeconds(1).toNanos();

  private ServerSettings() {}

  private ServerSettings(ServerSettings from) {
    name = from.name;
    maxConnections = from.maxConnections;
    refusing = from.refusing;
    connectionLimit = from.connectionLimit;
    idleLimit = from.idleLimit;
    lingerLimit = from.lingerLimit;
  }

  /**
   * Any number of connections, without limits of time; a second for a client to take the end of
   * what it was sent.
   */
  public static ServerSettings standard() {
    return DEFAULT;
  }

  /** The name in the names of threads and scopes, in the log and in the report. */
  public ServerSettings withName(String given) {
    ServerSettings copy = new ServerSettings(this);
    copy.name = Objects.requireNonNull(given, "name");
    return copy;
  }

  /**
   * How many connections are served at a time. Further ones wait in the listener's backlog until
   * one ends: nobody is refused, and a client sees a slow server.
   *
   * @throws IllegalArgumentException if {@code most} is less than 1
   */
  public ServerSettings withMaxConnections(int most) {
    return withMaxConnections(most, false);
  }

  /**
   * As {@link #withMaxConnections(int)}; further connections are accepted and reset at once.
   *
   * @throws IllegalArgumentException if {@code most} is less than 1
   */
  public ServerSettings withMaxConnectionsOrRefuse(int most) {
    return withMaxConnections(most, true);
  }

  private ServerSettings withMaxConnections(int most, boolean refuse) {
    if (most < 1) {
      throw new IllegalArgumentException("max connections < 1: " + most + "; give 1 or more");
    }
    ServerSettings copy = new ServerSettings(this);
    copy.maxConnections = most;
    copy.refusing = refuse;
    return copy;
  }

  /** The deadline of a connection's scope, from its acceptance on; zero for none. */
  public ServerSettings withConnectionLimit(Duration limit) {
    ServerSettings copy = new ServerSettings(this);
    copy.connectionLimit = SocketSettings.limit("connection limit", limit);
    return copy;
  }

  /**
   * How long a connection may stay without one byte coming while its handler waits for some, or one
   * byte going while it writes; zero for no limit. It becomes the read and the write timeout of the
   * accepted socket, and the handler may change them.
   */
  public ServerSettings withIdleLimit(Duration limit) {
    ServerSettings copy = new ServerSettings(this);
    copy.idleLimit = SocketSettings.limit("idle limit", limit);
    return copy;
  }

  /**
   * For how long, when its handler has returned, a connection waits for the end of the client's
   * side. A connection that is closed with bytes unread is reset, and a reset takes from the client
   * what it has not read yet.
   *
   * @param limit zero closes at once
   */
  public ServerSettings withLingerLimit(Duration limit) {
    ServerSettings copy = new ServerSettings(this);
    copy.lingerLimit = Ticks.nanos("linger limit", limit);
    return copy;
  }

  String name() {
    return name;
  }

  int maxConnections() {
    return maxConnections;
  }

  boolean refuses() {
    return refusing;
  }

  long connectionLimit() {
    return connectionLimit;
  }

  long idleLimit() {
    return idleLimit;
  }

  Duration lingerLimit() {
    return Duration.ofNanos(lingerLimit);
  }
}
