/**
 * What the probes in the JDK's own classes call. The boot class loader defines it, and no other
 * may; so it uses {@code java.base} alone. It keeps who did what, joins that with the exception of
 * who was hit, and leaves everything that needs thought to the agent, which takes the cuts from a
 * queue.
 */
@NullMarked
package dev.cleanbreak.agent.boot;

import org.jspecify.annotations.NullMarked;
