/**
 * Cancel scopes, and the sockets whose blocking calls they can cut.
 *
 * <p>Start with {@link dev.cleanbreak.CancelScope} and {@link dev.cleanbreak.CleanSocket}.
 */
@NullMarked
package dev.cleanbreak;

import org.jspecify.annotations.NullMarked;
