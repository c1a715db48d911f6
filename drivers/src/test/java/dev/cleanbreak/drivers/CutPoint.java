package dev.cleanbreak.drivers;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** Where a driver stands when it is cut. */
enum CutPoint {
  CONNECT("connect: nobody answers", false) {
    @Override
    Relay relay(Client client) throws Exception {
      return Relay.full(client.server());
    }

    @Override
    boolean isThere(Client client, Relay relay, Connection onlooker) {
      return relay.accepted() == 0;
    }
  },

  LOGIN("login: the server accepts and says nothing", false) {
    @Override
    void prepare(Client client, Relay relay, @Nullable Connection none) {
      relay.holdReplies(0);
    }

    @Override
    boolean isThere(Client client, Relay relay, Connection onlooker) {
      return relay.repliesAreHeld();
    }
  },

  HANDSHAKE("TLS handshake: nothing comes back", false) {
    @Override
    void prepare(Client client, Relay relay, @Nullable Connection none) {
      relay.holdRequests(client.bytesBeforeHandshake());
    }

    @Override
    boolean isThere(Client client, Relay relay, Connection onlooker) {
      return relay.requestsAreHeld();
    }
  },

  BEFORE_REPLY("query, before the first byte of the reply", true) {
    @Override
    Object work(Client client, String url, Connection on, @Nullable ProtocolCancel by)
        throws Exception {
      try (Statement statement = on.createStatement()) {
        return execute(by, statement, () -> statement.execute(client.sleep(61)));
      }
    }

    @Override
    boolean isThere(Client client, Relay relay, Connection onlooker) throws SQLException {
      return Client.number(onlooker, client.running("(61")) == 1;
    }
  },

  MID_REPLY("query, in the middle of 12 MB of rows", true) {
    @Override
    void prepare(Client client, Relay relay, @Nullable Connection on) {
      relay.holdReplies(300_000);
    }

    @Override
    Object work(Client client, String url, Connection on, @Nullable ProtocolCancel by)
        throws Exception {
      try (Statement statement = on.createStatement()) {
        return execute(by, statement, () -> statement.execute(client.rows(12_000)));
      }
    }

    @Override
    boolean isThere(Client client, Relay relay, Connection onlooker) {
      return relay.repliesAreHeld();
    }
  },

  MID_WRITE("insert, in the middle of a parameter of 12 MB", true) {
    @Override
    void prepare(Client client, Relay relay, @Nullable Connection on) {
      relay.holdRequests(300_000);
    }

    @Override
    Object work(Client client, String url, Connection on, @Nullable ProtocolCancel by)
        throws Exception {
      try (PreparedStatement insert = on.prepareStatement("insert into ledger values (?, ?)")) {
        insert.setInt(1, 1);
        insert.setBinaryStream(2, new ByteArrayInputStream(new byte[12_000_000]), 12_000_000);
        return execute(by, insert, insert::executeUpdate);
      }
    }

    @Override
    boolean isThere(Client client, Relay relay, Connection onlooker) {
      return relay.requestsAreHeld();
    }
  },

  COPY_IN("`COPY FROM STDIN`, in the middle of a line of 12 MB", true) {
    @Override
    void prepare(Client client, Relay relay, @Nullable Connection on) {
      relay.holdRequests(300_000);
    }

    @Override
    Object work(Client client, String url, Connection on, @Nullable ProtocolCancel by)
        throws Exception {
      byte[] line =
          ("1\t\\\\x" + "00".repeat(6_000_000) + "\n").getBytes(StandardCharsets.US_ASCII);
      try (Statement any = on.createStatement()) {
        return execute(
            by,
            any,
            () -> copies(on).copyIn("copy ledger from stdin", new ByteArrayInputStream(line)));
      }
    }

    @Override
    boolean isThere(Client client, Relay relay, Connection onlooker) {
      return relay.requestsAreHeld();
    }
  },

  COPY_OUT("`COPY TO STDOUT`, in the middle of 12 MB", true) {
    @Override
    void prepare(Client client, Relay relay, @Nullable Connection on) {
      relay.holdReplies(300_000);
    }

    @Override
    Object work(Client client, String url, Connection on, @Nullable ProtocolCancel by)
        throws Exception {
      String copy = "copy (" + client.rows(12_000) + ") to stdout";
      try (Statement any = on.createStatement()) {
        return execute(by, any, () -> copies(on).copyOut(copy, OutputStream.nullOutputStream()));
      }
    }

    @Override
    boolean isThere(Client client, Relay relay, Connection onlooker) {
      return relay.repliesAreHeld();
    }
  },

  COMMIT("commit, done by the server, the reply is on its way", true) {
    @Override
    void prepare(Client client, Relay relay, @Nullable Connection on) throws SQLException {
      on.setAutoCommit(false);
      try (Statement insert = on.createStatement()) {
        insert.executeUpdate("insert into ledger (id) values (1)");
      }
      relay.holdReplies(0);
    }

    @Override
    Object work(Client client, String url, Connection on, @Nullable ProtocolCancel by)
        throws Exception {
      try (Statement statement = on.createStatement()) {
        return execute(
            by,
            statement,
            () -> {
              on.commit();
              return true;
            });
      }
    }

    @Override
    boolean isThere(Client client, Relay relay, Connection onlooker) throws SQLException {
      return Client.number(onlooker, "select count(*) from ledger") == 1;
    }
  };

  final String text;

  /** For those that are cancelled by protocol. A commit's reply is held for longer than that. */
  final Duration grace;

  /** There is a connection, and a statement that can be cancelled by protocol. */
  final boolean hasStatement;

  CutPoint(String text, boolean hasStatement) {
    this.text = text;
    this.hasStatement = hasStatement;
    this.grace = name().equals("COMMIT") ? Duration.ofMillis(200) : Duration.ofSeconds(5);
  }

  /** Whether the client can do that. */
  boolean isOf(Client client) {
    return client == Client.POSTGRESQL || this != COPY_IN && this != COPY_OUT;
  }

  /** Whether TLS makes a difference there. */
  boolean isThereUnderTls() {
    return this != CONNECT && this != LOGIN && this.compareTo(COPY_IN) < 0;
  }

  boolean isThereWithoutTls() {
    return this != HANDSHAKE;
  }

  /** What stands between the client and the server. */
  Relay relay(Client client) throws Exception {
    return Relay.hinderingFirst(client.server());
  }

  /** What happens before: on the connection, if there is one. */
  void prepare(Client client, Relay relay, @Nullable Connection on) throws SQLException {}

  /** Blocks where it is to be cut; with no statement, where the connection is made. */
  Object work(Client client, String url, Connection on, @Nullable ProtocolCancel by)
      throws Exception {
    return DriverManager.getConnection(url);
  }

  /** Whether the work has come to where it is to be cut. */
  abstract boolean isThere(Client client, Relay relay, Connection onlooker) throws SQLException;

  private static CopyManager copies(Connection on) throws SQLException {
    return on.unwrap(PGConnection.class).getCopyAPI();
  }

  private static Object execute(@Nullable ProtocolCancel by, Statement statement, Callable<?> call)
      throws Exception {
    return by == null ? call.call() : by.call(statement, call::call);
  }
}
