package dev.livebridge.load;

/**
 * The bounds within which an instance carries a number of sessions.
 *
 * @param shareP99Millis the gateway's relay time of audio messages, 99th percentile
 * @param cpuPercent of the cores the service may use
 */
record Bounds(double shareP99Millis, int cpuPercent) {}
