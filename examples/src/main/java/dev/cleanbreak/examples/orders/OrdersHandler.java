package dev.cleanbreak.examples.orders;

import dev.cleanbreak.CutException;
import dev.cleanbreak.drivers.ProtocolCancel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * {@code /orders} counts the orders, {@code /report} takes a minute over them. A request that is
 * cut gets 503 and the words of the cut; its statement was cancelled by protocol, and its
 * connection goes back to the pool as good as before.
 */
final class OrdersHandler extends Handler.Abstract {
  private static final String ORDERS = "select count(*) from orders";
  private static final String REPORT = "select count(*) from orders, pg_sleep(60)";

  private final DataSource pool;
  private final RequestScopes scopes;
  private final ProtocolCancel byProtocol = ProtocolCancel.within(Duration.ofSeconds(5));

  OrdersHandler(DataSource pool, RequestScopes scopes) {
    this.pool = pool;
    this.scopes = scopes;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = Request.getPathInContext(request);
    String sql = path.equals("/report") ? REPORT : ORDERS;
    scopes.run(
        path,
        () -> {
          try {
            answer(response, callback, 200, count(sql) + " orders");
          } catch (SQLException e) {
            answer(response, callback, 503, reason(e));
          }
        });
    return true;
  }

  private long count(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      return byProtocol.call(
          statement,
          () -> {
            try (ResultSet rows = statement.executeQuery()) {
              rows.next();
              return rows.getLong(1);
            }
          });
    }
  }

  /** The cut that began it, if there was one. */
  private static String reason(SQLException e) {
    for (Throwable each : e.getSuppressed()) {
      if (each instanceof CutException) {
        return each.toString();
      }
    }
    return e.toString();
  }

  private static void answer(Response response, Callback callback, int status, String text) {
    response.setStatus(status);
    Content.Sink.write(response, true, text + "\n", callback);
  }
}
