package dev.livebridge.bridge;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same with the package. */
@QuarkusIntegrationTest
class OfficialSdkIT extends OfficialSdkTest {}
