@echo off
rem Runs Maven on a JDK that can build this project; the Windows twin of ./mvnw. Finds the JDK; takes an installed
rem Maven that is new enough, else fetches the pinned one once and checks it.
setlocal EnableExtensions EnableDelayedExpansion
set "NEED_JDK=25"
set "HERE=%~dp0"

call :jdk_ok "%JAVA_HOME%" || (
  set "JAVA_HOME="
  for %%R in ("%ProgramFiles%\Eclipse Adoptium" "%ProgramFiles%\Java" "%ProgramFiles%\Microsoft" "%ProgramFiles%\Zulu" "%ProgramFiles%\Amazon Corretto" "%USERPROFILE%\.jdks" "%USERPROFILE%\scoop\apps\temurin-jdk") do (
    if exist %%R for /d %%D in ("%%~R\*") do (
      if not defined JAVA_HOME call :jdk_ok "%%~D" && set "JAVA_HOME=%%~D"
    )
  )
)
if not defined JAVA_HOME (
  echo mvnw: no JDK %NEED_JDK% or newer found; install one or set JAVA_HOME 1>&2
  exit /b 1
)

for /f "usebackq tokens=1,* delims==" %%A in ("%HERE%.mvn\wrapper\maven-wrapper.properties") do set "%%A=%%B"
for %%U in ("%distributionUrl:/=\%") do set "ARCHIVE_NAME=%%~nxU"
set "NAME=%ARCHIVE_NAME:-bin.tar.gz=%"
if not defined MAVEN_USER_HOME set "MAVEN_USER_HOME=%USERPROFILE%\.m2"
set "DISTS=%MAVEN_USER_HOME%\wrapper\dists"
set "MVN=%DISTS%\%NAME%\bin\mvn.cmd"
if exist "%MVN%" goto run

for /f "tokens=3" %%V in ('mvn --version 2^>nul ^| findstr /b /c:"Apache Maven"') do set "INSTALLED=%%V"
if defined INSTALLED (
  for /f "tokens=1,2 delims=." %%A in ("!INSTALLED!") do (
    set "NEW_ENOUGH="
    if %%A geq 4 set "NEW_ENOUGH=1"
    if %%A equ 3 if %%B geq 9 set "NEW_ENOUGH=1"
  )
  if defined NEW_ENOUGH (
    set "MVN=mvn"
    goto run
  )
)

echo mvnw: fetching %NAME% (once) 1>&2
set "TMP_DIR=%TEMP%\mvnw-%RANDOM%%RANDOM%"
mkdir "%TMP_DIR%" || exit /b 1
powershell -NoProfile -Command "$ErrorActionPreference='Stop'; $ProgressPreference='SilentlyContinue'; $a=Join-Path $env:TMP_DIR $env:ARCHIVE_NAME; try { Invoke-WebRequest -UseBasicParsing -Uri $env:distributionUrl -OutFile $a } catch { [Console]::Error.WriteLine('mvnw: could not fetch ' + $env:distributionUrl); exit 1 }; if ((Get-FileHash -Algorithm SHA512 $a).Hash -ne $env:distributionSha512Sum) { [Console]::Error.WriteLine('mvnw: the Maven archive does not match its checksum'); exit 1 }"
if errorlevel 1 (
  rmdir /s /q "%TMP_DIR%"
  exit /b 1
)
if not exist "%DISTS%" mkdir "%DISTS%"
tar -xzf "%TMP_DIR%\%ARCHIVE_NAME%" -C "%DISTS%" || (
  rmdir /s /q "%TMP_DIR%"
  exit /b 1
)
rmdir /s /q "%TMP_DIR%"

:run
call "%MVN%" %*
exit /b %ERRORLEVEL%

:jdk_ok
if "%~1"=="" exit /b 1
if not exist "%~1\bin\javac.exe" exit /b 1
for /f "usebackq tokens=2 delims==." %%V in (`findstr /b "JAVA_VERSION=" "%~1\release" 2^>nul`) do (
  set "FOUND=%%V"
  set "FOUND=!FOUND:"=!"
  if !FOUND! geq %NEED_JDK% exit /b 0
)
exit /b 1
