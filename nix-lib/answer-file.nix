# The answer file of Windows Setup, which lib.seed.windows puts into a seed. Its passes and components are those that Microsoft documents for
# unattended installations.
{
  user,
  password,
  computerName,
  locale,
  keyboard,
  timezone,
  edition,
  # The partitions of each disk, with their size in MiB; null for the rest of the disk. The first one is that of Windows.
  disks,
  productKey,
  drivers,
  remoteDesktop,
  commands,
}: let
  xml = import ./xml.nix;
  inherit (builtins) concatLists concatMap genList length elemAt;

  one = name: value: xml.elem name [] value;
  yes = name: one name "true";
  # An entry of a list, which is added to those that are there.
  entry = name: attributes: xml.elem name ([(xml.attr "wcm:action" "add")] ++ attributes);
  numbered = make: list: genList (place: make (place + 1) (elemAt list place)) (length list);

  component = name: settings:
    xml.elem "component" [
      (xml.attr "name" name)
      (xml.attr "processorArchitecture" "amd64")
      (xml.attr "publicKeyToken" "31bf3856ad364e35")
      (xml.attr "language" "neutral")
      (xml.attr "versionScope" "nonSxS")
    ]
    settings;
  pass = name: xml.elem "settings" [(xml.attr "pass" name)];

  languages = [
    (one "InputLocale" keyboard)
    (one "SystemLocale" locale)
    (one "UILanguage" locale)
    (one "UserLocale" locale)
  ];
  plain = name: one name [(one "Value" password) (yes "PlainText")];

  # The drivers' disc may have any of these letters. A path that is not there is ignored.
  letters = ["D" "E" "F" "G"];
  driverPaths = concatMap (letter: map (driver: "${letter}:\\${driver}") drivers) letters;

  optional = name: value:
    if value == null
    then []
    else [(one name value)];
  # UEFI starts from the first disk.
  boot = [
    {
      type = "EFI";
      size = 300;
      settings = [(one "Format" "FAT32")];
    }
    {
      type = "MSR";
      size = 16;
      settings = [];
    }
  ];
  primary = it: {
    type = "Primary";
    inherit (it) size;
    settings = [(one "Format" "NTFS")] ++ optional "Label" it.label ++ optional "Letter" it.letter;
  };
  disk = number: primaries: let
    partitions =
      (
        if number == 1
        then boot
        else []
      )
      ++ map primary primaries;
    size = it:
      if it.size == null
      then yes "Extend"
      else one "Size" (toString it.size);
  in
    entry "Disk" [] [
      (one "DiskID" (toString (number - 1)))
      (yes "WillWipeDisk")
      (one "CreatePartitions" (numbered (order: it: entry "CreatePartition" [] [(one "Order" (toString order)) (one "Type" it.type) (size it)]) partitions))
      (one "ModifyPartitions" (numbered (order: it: entry "ModifyPartition" [] ([(one "Order" (toString order)) (one "PartitionID" (toString order))] ++ it.settings)) partitions))
    ];

  # The guest tools are on the drivers' disc, whose letter is not known. The installation ends before the next command starts.
  tools = "cmd /c for %d in (D E F G) do if exist %d:\\virtio-win-guest-tools.exe start \"\" /wait %d:\\virtio-win-guest-tools.exe /install /quiet /norestart";
  # Windows has no command that ejects discs: IMAPI is its interface for CD drives.
  eject = "powershell -NoProfile -Command \"$drives = New-Object -ComObject IMAPI2.MsftDiscMaster2; for ($i = 0; $i -lt $drives.Count; $i++) { $drive = New-Object -ComObject IMAPI2.MsftDiscRecorder2; $drive.InitializeDiscRecorder($drives.Item($i)); $drive.EjectMedia() }\"";
  firstCommands =
    (
      if drivers == []
      then []
      else [tools]
    )
    ++ commands
    ++ [eject];
in
  ''    <?xml version="1.0" encoding="utf-8"?>
  ''
  + xml.toText (xml.elem "unattend" [
      (xml.attr "xmlns" "urn:schemas-microsoft-com:unattend")
      (xml.attr "xmlns:wcm" "http://schemas.microsoft.com/WMIConfig/2002/State")
    ] [
      (pass "windowsPE" (concatLists [
        [(component "Microsoft-Windows-International-Core-WinPE" ([(one "SetupUILanguage" [(one "UILanguage" locale)])] ++ languages))]
        (
          if drivers == []
          then []
          else [
            (component "Microsoft-Windows-PnpCustomizationsWinPE" [
              (one "DriverPaths" (numbered (key: path: entry "PathAndCredentials" [(xml.attr "wcm:keyValue" key)] [(one "Path" path)]) driverPaths))
            ])
          ]
        )
        [
          (component "Microsoft-Windows-Setup" [
            (one "DiskConfiguration" ([(one "WillShowUI" "OnError")] ++ numbered disk disks))
            (one "ImageInstall" [
              (one "OSImage" [
                (one "InstallFrom" [(entry "MetaData" [] [(one "Key" "/IMAGE/NAME") (one "Value" edition)])])
                (one "InstallTo" [(one "DiskID" "0") (one "PartitionID" "3")])
              ])
            ])
            (one "UserData" ([(yes "AcceptEula")]
              ++ (
                if productKey == null
                then []
                else [(one "ProductKey" [(one "Key" productKey) (one "WillShowUI" "OnError")])]
              )))
          ])
        ]
      ]))
      (pass "specialize" (concatLists [
        [(component "Microsoft-Windows-Shell-Setup" [(one "ComputerName" computerName) (one "TimeZone" timezone)])]
        (
          if !remoteDesktop
          then []
          else [
            (component "Microsoft-Windows-TerminalServices-LocalSessionManager" [(one "fDenyTSConnections" "false")])
            (component "Networking-MPSSVC-Svc" [
              (one "FirewallGroups" [
                (entry "FirewallGroup" [(xml.attr "wcm:keyValue" "RemoteDesktop")] [
                  (yes "Active")
                  (one "Group" "@FirewallAPI.dll,-28752")
                  (one "Profile" "all")
                ])
              ])
            ])
          ]
        )
      ]))
      (pass "oobeSystem" [
        (component "Microsoft-Windows-International-Core" languages)
        (component "Microsoft-Windows-Shell-Setup" [
          (one "OOBE" [
            (yes "HideEULAPage")
            (yes "HideOnlineAccountScreens")
            (yes "HideWirelessSetupInOOBE")
            (one "ProtectYourPC" "3")
          ])
          (one "UserAccounts" [
            (one "LocalAccounts" [
              (entry "LocalAccount" [] [(plain "Password") (one "Group" "Administrators") (one "Name" user)])
            ])
          ])
          # The commands run at the first logon, which happens by itself once.
          (one "AutoLogon" [(plain "Password") (yes "Enabled") (one "LogonCount" "1") (one "Username" user)])
          (one "FirstLogonCommands" (numbered (order: command: entry "SynchronousCommand" [] [(one "Order" (toString order)) (one "CommandLine" command)]) firstCommands))
        ])
      ])
    ])
