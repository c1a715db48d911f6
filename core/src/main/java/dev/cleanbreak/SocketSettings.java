package dev.cleanbreak;

import dev.cleanbreak.spi.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How sockets of one factory behave. Immutable; each {@code with} method returns a changed copy.
 *
 * <p>A duration of zero sets no limit, as zero does for {@link java.net.Socket#setSoTimeout}.
 */
public final class SocketSettings {
  private static final long UNSET = -1;
  private static final long CARRY_TIMEOUT = Duration.ofSeconds(30).toNanos();
  private static final SocketSettings DEFAULT = new SocketSettings();

  // Nanoseconds; NEVER for no limit.
  private long connectTimeout = Ticks.NEVER;
  private long acceptTimeout = Ticks.NEVER;
  private long readTimeout = Ticks.NEVER;
  private long writeTimeout = Ticks.NEVER;
  private long closeLimit = Duration.ofSeconds(1).toNanos();
  private InterruptPolicy interruptPolicy = InterruptPolicy.KEEP;
  private CutMapping cutMapping = CutMapping.STANDARD;
  private int carryLimit = 128 * 1024;
  private long carryTimeout = UNSET;
  private boolean carryAlways;

  /** Null for that of the process, which is chosen when the first socket needs it. */
  private @Nullable Transport transport;

  private NameLookup names = NameLookup.SYSTEM;

  private SocketSettings() {}

  private SocketSettings(SocketSettings from) {
    connectTimeout = from.connectTimeout;
    acceptTimeout = from.acceptTimeout;
    readTimeout = from.readTimeout;
    writeTimeout = from.writeTimeout;
    closeLimit = from.closeLimit;
    interruptPolicy = from.interruptPolicy;
    cutMapping = from.cutMapping;
    carryLimit = from.carryLimit;
    carryTimeout = from.carryTimeout;
    carryAlways = from.carryAlways;
    transport = from.transport;
    names = from.names;
  }

  /**
   * No timeouts; interrupts cut and keep the socket; a carry buffer of 128 KiB; one second for a
   * closed socket to deliver what it carries.
   */
  public static SocketSettings standard() {
    return DEFAULT;
  }

  /**
   * Settings written down, for places that take a string: {@code
   * "readTimeout=5s,writeTimeout=10s,interruptPolicy=ignore"}. What is not named stays {@linkplain
   * #standard standard}; an empty string names nothing.
   *
   * <ul>
   *   <li>{@code connectTimeout}, {@code acceptTimeout}, {@code readTimeout}, {@code writeTimeout},
   *       {@code closeLimit}, {@code carryTimeout}: a duration as {@code 500ms}, {@code 5s}, {@code
   *       2m}, {@code 1h} or in the form of {@link Duration#parse}
   *   <li>{@code carryLimit}: bytes; {@code carryAlways}: {@code true} or {@code false}
   *   <li>{@code interruptPolicy}, {@code cutMapping}: the name of a constant, in any case
   *   <li>{@code transport}: as of {@link #withTransport(String)}
   * </ul>
   *
   * @throws IllegalArgumentException if a key is unknown or named twice, or a value cannot be used;
   *     the message says what was given and what is accepted
   */
  public static SocketSettings parse(String text) {
    return SettingsText.parse(Objects.requireNonNull(text, "text"));
  }

  /** The limit of a connect; zero for none. */
  public SocketSettings withConnectTimeout(Duration timeout) {
    SocketSettings copy = new SocketSettings(this);
    copy.connectTimeout = limit("connect timeout", timeout);
    return copy;
  }

  /** The limit of an accept; zero for none. */
  public SocketSettings withAcceptTimeout(Duration timeout) {
    SocketSettings copy = new SocketSettings(this);
    copy.acceptTimeout = limit("accept timeout", timeout);
    return copy;
  }

  /** How long a read or receive waits for its first byte; zero for no limit. */
  public SocketSettings withReadTimeout(Duration timeout) {
    SocketSettings copy = new SocketSettings(this);
    copy.readTimeout = limit("read timeout", timeout);
    return copy;
  }

  /**
   * How long a write may go without the kernel taking one byte; zero for no limit. A slow link that
   * moves is never cut by it.
   */
  public SocketSettings withWriteTimeout(Duration timeout) {
    SocketSettings copy = new SocketSettings(this);
    copy.writeTimeout = limit("write timeout", timeout);
    return copy;
  }

  /**
   * How long a closed socket may take to deliver the carried bytes before it is reset.
   *
   * @throws IllegalArgumentException if {@code limit} is zero: a close has a bound
   */
  public SocketSettings withCloseLimit(Duration limit) {
    long nanos = Ticks.nanos("close limit", limit);
    if (nanos == 0) {
      throw new IllegalArgumentException("close limit is zero; give a positive duration");
    }
    SocketSettings copy = new SocketSettings(this);
    copy.closeLimit = nanos;
    return copy;
  }

  /** What an interrupt does. */
  public SocketSettings withInterruptPolicy(InterruptPolicy policy) {
    SocketSettings copy = new SocketSettings(this);
    copy.interruptPolicy = Objects.requireNonNull(policy, "policy");
    return copy;
  }

  /** Which exceptions cuts become. */
  public SocketSettings withCutMapping(CutMapping mapping) {
    SocketSettings copy = new SocketSettings(this);
    copy.cutMapping = Objects.requireNonNull(mapping, "mapping");
    return copy;
  }

  /**
   * How many bytes of a cut write the socket may owe to the peer.
   *
   * @throws IllegalArgumentException if {@code bytes} is negative
   */
  public SocketSettings withCarryLimit(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("carry limit < 0: " + bytes + "; give zero or more bytes");
    }
    SocketSettings copy = new SocketSettings(this);
    copy.carryLimit = bytes;
    return copy;
  }

  /**
   * How long the peer may take none of the carried bytes before the output is poisoned. Without it,
   * 30 seconds or the write timeout, whichever is longer: a write that timed out can be repeated
   * while what it has left behind is still good.
   *
   * @throws IllegalArgumentException if {@code timeout} is zero, negative or longer than 100 years
   */
  public SocketSettings withCarryTimeout(Duration timeout) {
    if (timeout.isZero()) {
      throw new IllegalArgumentException("carry timeout is zero; give a positive duration");
    }
    SocketSettings copy = new SocketSettings(this);
    copy.carryTimeout = Ticks.nanos("carry timeout", timeout);
    return copy;
  }

  /**
   * Whether a cut write carries even when it could throw before its first byte. For layers above
   * that a thrown write breaks: {@code OutputStreamWriter}, {@code ObjectOutputStream}, {@code
   * GZIPOutputStream}. The cut then surfaces at the next flush or read, or when the carry is full.
   */
  public SocketSettings withCarryAlways(boolean on) {
    SocketSettings copy = new SocketSettings(this);
    copy.carryAlways = on;
    return copy;
  }

  /**
   * The transport by its name: {@code nio}, which is always there, or {@code epoll} of the module
   * {@code dev.cleanbreak.epoll}. By default the one that the property {@code
   * dev.cleanbreak.transport} names; else the first that is there and can be used in this process.
   *
   * @throws IllegalArgumentException if there is none of that name, or it cannot be used here; the
   *     message says why
   */
  public SocketSettings withTransport(String name) {
    return withTransport(Transports.named(Objects.requireNonNull(name, "transport")));
  }

  /** As {@link #withTransport(String)}, one that is already found. */
  public SocketSettings withTransport(Transport chosen) {
    SocketSettings copy = new SocketSettings(this);
    copy.transport = Objects.requireNonNull(chosen, "transport");
    return copy;
  }

  /** How names are looked up; for tests, which no setting of the application is to reach. */
  SocketSettings withNames(NameLookup chosen) {
    SocketSettings copy = new SocketSettings(this);
    copy.names = chosen;
    return copy;
  }

  /** The settings that are not those of {@link #standard}. */
  @Override
  public String toString() {
    List<String> set = new ArrayList<>();
    difference(set, "connectTimeout", connectTimeout, DEFAULT.connectTimeout);
    difference(set, "acceptTimeout", acceptTimeout, DEFAULT.acceptTimeout);
    difference(set, "readTimeout", readTimeout, DEFAULT.readTimeout);
    difference(set, "writeTimeout", writeTimeout, DEFAULT.writeTimeout);
    difference(set, "closeLimit", closeLimit, DEFAULT.closeLimit);
    difference(set, "carryTimeout", carryTimeout, DEFAULT.carryTimeout);
    if (interruptPolicy != DEFAULT.interruptPolicy) {
      set.add("interruptPolicy=" + interruptPolicy);
    }
    if (cutMapping != DEFAULT.cutMapping) {
      set.add("cutMapping=" + cutMapping);
    }
    if (carryLimit != DEFAULT.carryLimit) {
      set.add("carryLimit=" + carryLimit);
    }
    if (carryAlways) {
      set.add("carryAlways");
    }
    if (transport != null) {
      set.add("transport=" + transport.name());
    }
    return set.isEmpty() ? "SocketSettings[standard]" : "SocketSettings" + set;
  }

  private static void difference(List<String> set, String name, long nanos, long standard) {
    if (nanos != standard) {
      set.add(name + "=" + (nanos == Ticks.NEVER ? "none" : Duration.ofNanos(nanos)));
    }
  }

  static long limit(String what, Duration duration) {
    long nanos = Ticks.nanos(what, duration);
    return nanos == 0 ? Ticks.NEVER : nanos;
  }

  long connectTimeout() {
    return connectTimeout;
  }

  long acceptTimeout() {
    return acceptTimeout;
  }

  long readTimeout() {
    return readTimeout;
  }

  long writeTimeout() {
    return writeTimeout;
  }

  long closeLimit() {
    return closeLimit;
  }

  InterruptPolicy interruptPolicy() {
    return interruptPolicy;
  }

  CutMapping cutMapping() {
    return cutMapping;
  }

  int carryLimit() {
    return carryLimit;
  }

  /**
   * How long the peer may take none of what is carried.
   *
   * @param writeTimeout the socket's own at present, {@link Ticks#NEVER} for none
   */
  long carryTimeout(long writeTimeout) {
    if (carryTimeout != UNSET) {
      return carryTimeout;
    }
    return writeTimeout == Ticks.NEVER ? CARRY_TIMEOUT : Math.max(CARRY_TIMEOUT, writeTimeout);
  }

  boolean carryAlways() {
    return carryAlways;
  }

  NameLookup names() {
    return names;
  }

  /**
   * The transport that sockets with these settings stand on.
   *
   * @throws IllegalArgumentException if the settings name none, and the property {@code
   *     dev.cleanbreak.transport} one that is not there or cannot be used here
   */
  public Transport transport() {
    return transport == null ? Transports.standard() : transport;
  }
}
