-- Fault codes of some architectures fill 32 bits without a sign: Ascend's 0x80e18402 is 2162263042.
ALTER TABLE fault_case ALTER COLUMN xid TYPE BIGINT;
