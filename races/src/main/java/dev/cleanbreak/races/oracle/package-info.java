/**
 * The oracle: cuts every call at every byte offset, over real loopback sockets, and checks that
 * nothing was lost, doubled or reordered.
 *
 * <p>{@link dev.cleanbreak.races.oracle.FaultTransport} wraps the transport beneath the sockets: it
 * stops the link at exactly byte N and cuts the call there. {@link
 * dev.cleanbreak.races.oracle.CellList} counts out what is to be cut where; a {@link
 * dev.cleanbreak.races.oracle.Layer} says what an application does above the socket and what must
 * have come of it.
 */
@NullMarked
package dev.cleanbreak.races.oracle;

import org.jspecify.annotations.NullMarked;
