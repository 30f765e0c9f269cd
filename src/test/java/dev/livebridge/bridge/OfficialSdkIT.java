package dev.livebridge.bridge;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** With the package; the SDKs are installed by the JavaScript checks, which run before the package is made. */
@QuarkusIntegrationTest
class OfficialSdkIT extends OfficialSdkConversation {}
