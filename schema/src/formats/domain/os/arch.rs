//! Processor architectures.

use nixvirt_schema_derive::values;

/// CPU architecture.
#[values]
pub enum Arch {
    /// 64-bit Arm.
    Aarch64,
    /// DEC Alpha.
    Alpha,
    /// 32-bit Arm, version 6.
    Armv6l,
    /// 32-bit Arm, version 7.
    Armv7l,
    /// Axis CRIS.
    Cris,
    /// 32-bit x86.
    I686,
    /// Intel Itanium.
    Ia64,
    /// LatticeMico32.
    Lm32,
    /// 64-bit LoongArch.
    #[since = "10.2"]
    Loongarch64,
    /// Motorola 68000.
    M68k,
    /// Xilinx MicroBlaze, big-endian.
    Microblaze,
    /// Xilinx MicroBlaze, little-endian.
    Microblazeel,
    /// 32-bit MIPS, big-endian.
    Mips,
    /// 32-bit MIPS, little-endian.
    Mipsel,
    /// 64-bit MIPS, big-endian.
    Mips64,
    /// 64-bit MIPS, little-endian.
    Mips64el,
    /// OpenRISC.
    Openrisc,
    /// 32-bit PA-RISC.
    Parisc,
    /// 64-bit PA-RISC.
    Parisc64,
    /// 32-bit PowerPC.
    Ppc,
    /// 64-bit PowerPC, big-endian.
    Ppc64,
    /// 64-bit PowerPC, little-endian.
    Ppc64le,
    /// Embedded PowerPC.
    Ppcemb,
    /// 32-bit RISC-V.
    Riscv32,
    /// 64-bit RISC-V.
    Riscv64,
    /// 31-bit IBM Z.
    S390,
    /// 64-bit IBM Z.
    S390x,
    /// SuperH 4, little-endian.
    Sh4,
    /// SuperH 4, big-endian.
    Sh4eb,
    /// 32-bit SPARC.
    Sparc,
    /// 64-bit SPARC.
    Sparc64,
    /// UniCore.
    Unicore32,
    /// 64-bit x86.
    #[xml = "x86_64"]
    X86_64,
    /// Xtensa, little-endian.
    Xtensa,
    /// Xtensa, big-endian.
    Xtensaeb,
}
