/** The management port: who may ask it, what it shows to operators, and how an operator drains this instance. */
@NullMarked
package dev.livebridge.management;

import org.jspecify.annotations.NullMarked;
