"""What the paper says: invented bodies, office prose on many subjects, and words that only look like a level."""

from __future__ import annotations

import re

import numpy as np

Rng = np.random.Generator

BODIES = (
    "Công ty Cổ phần Bến cảng Hòn Sẹo", "Trạm Thủy văn Ngã ba Cầu Đá", "Xí nghiệp Gốm sứ Lò Đông",
    "Ban Quản lý hồ chứa Suối Trầu", "Trường Trung cấp nghề Bãi Ngang", "Nhà máy Dây đồng Tân Lễ",
    "Hợp tác xã Muối Cồn Vạc", "Viện Khảo cứu Tre nứa Thượng Lâm", "Sở Đo lường tỉnh Hà Trung",
    "Ủy ban nhân dân xã Vĩnh Rạng", "Chi cục Đê điều Tả Mã", "Bưu cục Ga Lưỡng Khê",
    "Lâm trường Khe Tằm", "Đoàn Địa chất 417", "Bảo tàng Ghe xuồng Long Phú Tây",
    "Xưởng In bản đồ Bạch Hạc", "Ủy ban Mặt trận xã Đông Mỹ Hạ", "Trung tâm Giống thủy sản Cửa Tùng Nhỏ",
    "Văn phòng Đường thủy số 9", "Bệnh xá Nông trường Chè Ba Vạt",
)  # fmt: skip
PLACES = (
    "Hà Trung", "Vĩnh Rạng", "Bạch Hạc", "Cầu Đá", "Tân Lễ", "Suối Trầu", "Lưỡng Khê", "Cồn Vạc", "Đông Mỹ Hạ",
    "Thượng Lâm", "Bãi Ngang", "Khe Tằm", "Ba Vạt", "Long Phú Tây", "Tả Mã", "Gò Quao Nhỏ",
)  # fmt: skip
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đỗ", "Vũ", "Bùi", "Đặng", "Lương", "Tạ", "Cù", "Nghiêm", "Quách")
MIDDLE = ("Văn", "Thị", "Hữu", "Khắc", "Thúy", "Đăng", "Mạnh", "Bích", "Quý", "Công")
GIVEN = ("Rạng", "Thược", "Khuê", "Lẫm", "Vượng", "Ngoạn", "Duyên", "Trữ", "Thạo", "Biền", "Hậu", "Sửu", "Nhẫn", "Yến")

SENTENCES = (
    "Mực nước tại trạm lúc bảy giờ sáng đạt {n} cm, cao hơn mức báo động một là {m} cm.",
    "Đề nghị các tổ sản xuất kiểm kê lại toàn bộ vật tư tồn kho trước ngày {d}.",
    "Đoàn đã đi khảo sát {n} điểm khai thác đá và lập biên bản tại chỗ, có chữ ký của hai bên.",
    "Số tiền còn thiếu sẽ được quyết toán vào quý sau, khi đã có đủ hóa đơn và phiếu nhập.",
    "Ông {p} được cử làm tổ trưởng tổ kiểm tra, bà {p} làm thư ký.",
    "Lượng mưa trung bình nhiều năm ở {q} là {n} mm, tập trung từ tháng năm đến tháng mười.",
    "Gạch nung mẻ thứ {m} bị nứt nhiều, nguyên nhân là do lửa không đều ở cửa lò phía bắc.",
    "Thuyền trưởng phải ghi nhật ký hằng ngày và nộp lại sổ khi tàu cập bến {q}.",
    "Yêu cầu thủ kho mở sổ riêng, đánh số từng trang và đóng dấu giáp lai trước khi dùng.",
    "Học sinh nội trú được cấp mỗi tháng {m} kg gạo, một chăn bông và hai bộ quần áo.",
    "Các hộ trong vùng lòng hồ đã nhận tiền đền bù đợt {m} và ký nhận đầy đủ.",
    "Cán bộ đi công tác phải có giấy giới thiệu, khi về nộp báo cáo trong vòng {m} ngày.",
    "Tổng chiều dài đê xung yếu là {n} m, trong đó đoạn qua {q} cần gia cố gấp trước mùa lũ.",
    "Máy bơm số {m} ngừng chạy từ ca đêm, thợ điện đã thay cầu chì nhưng chưa khắc phục được.",
    "Giá vé tàu chợ tuyến {q} giữ nguyên, trẻ em dưới năm tuổi đi cùng người lớn không phải mua vé.",
    "Giống lúa mới cho năng suất {n} kg một sào, chịu phèn tốt và ít đổ ngã.",
    "Hội nghị nhất trí biểu quyết {n} phiếu thuận, không có phiếu trắng.",
    "Trong quá trình thi công nếu phát hiện hiện vật cổ phải dừng ngay và báo cho bảo tàng.",
    "Căn cứ biên bản họp ngày {d}, giám đốc giao phòng kỹ thuật chủ trì thực hiện.",
    "Hồ sơ gửi về bộ phận tiếp nhận trước {m} giờ chiều, quá hạn sẽ không xét.",
    "Người đi rừng không được mang lửa vào khu vực đã cắm biển cấm, vi phạm bị phạt theo quy ước bản.",
    "Số phiếu điều tra thu về là {n}, đạt tỷ lệ {m} phần trăm so với kế hoạch.",
    "Tủ thuốc của đội thiếu băng gạc và thuốc sát trùng, đề nghị cấp bổ sung trong tháng.",
    "Nhà ga sửa lại mái che sân ke, hành khách vui lòng đi lối cửa phụ phía chợ.",
    "Ngày {d}, đoàn xe chở {n} tấn xi măng đã đến kho {q} an toàn.",
    "Phòng đọc mở cửa từ thứ hai đến thứ sáu, độc giả không được mang túi vào bên trong.",
)  # fmt: skip
TRAPS = (
    "Tài liệu thuộc độ tuyệt mật, tối mật phải để trong tủ sắt có hai lớp khóa.",
    "Cơ quan soạn thảo đề xuất độ mật của văn bản là Tuyệt mật, Tối mật hay Mật khi trình ký.",
    "Người không có phận sự không được đọc văn bản tuyệt mật, kể cả bản nháp.",
    "Khi gửi tài liệu độ TUYỆT MẬT ngoài bì đóng dấu chữ A, độ TỐI MẬT đóng dấu chữ B.",
    "Sản lượng mật ong rừng thu mua trong năm đạt {n} lít, chủ yếu là mật hoa tràm.",
    "Mật độ gieo {n} cây một mẫu; giữ liên hệ mật thiết với trạm giống {q}.",
    "Nhân viên đổi mật khẩu mỗi {m} tháng và không ghi mật khẩu ra giấy.",
    "Đồng chí văn thư vào sổ riêng tài liệu mật, tối mật và tuyệt mật theo từng năm.",
    "Điều {m}. Danh mục bí mật nhà nước độ Tuyệt mật do người có thẩm quyền ban hành.",
    "Ủy ban Mặt trận xã phối hợp tuyên truyền việc giữ gìn bí mật nhà nước trong nhân dân.",
)  # fmt: skip
HEADINGS = (
    "BÁO CÁO TÌNH HÌNH KHAI THÁC", "KẾ HOẠCH PHÒNG CHỐNG LỤT BÃO", "BIÊN BẢN BÀN GIAO VẬT TƯ", "NHẬT KÝ CÔNG TRƯỜNG",
    "THÔNG BÁO TUYỂN SINH", "PHƯƠNG ÁN CHỮA CHÁY RỪNG", "DANH SÁCH HỘ DI DỜI", "TỜ TRÌNH XIN CẤP KINH PHÍ",
    "QUY ƯỚC BẢO VỆ RỪNG", "LỊCH TRỰC TUẦN", "BẢNG KÊ HÀNG TỒN KHO", "HƯỚNG DẪN VẬN HÀNH TRẠM BƠM",
    "LÝ LỊCH MÁY MÓC", "ĐỀ CƯƠNG KHẢO SÁT THỦY VĂN", "SỔ GÓP Ý CỦA HÀNH KHÁCH", "HỢP ĐỒNG THUÊ KHO BÃI",
)  # fmt: skip
TRAP_HEADINGS = (
    "DANH MỤC TÀI LIỆU TUYỆT MẬT, TỐI MẬT NĂM {y}", "SỔ ĐĂNG KÝ VĂN BẢN MẬT ĐẾN", "QUY CHẾ BẢO VỆ BÍ MẬT NHÀ NƯỚC",
    "BẢNG THỐNG KÊ TÀI LIỆU TUYỆT MẬT ĐÃ TIÊU HỦY", "NỘI QUY PHÒNG ĐỌC TÀI LIỆU MẬT", "PHIẾU MƯỢN HỒ SƠ TỐI MẬT SỐ {n}",
)  # fmt: skip
TRAP_BOXES = (
    "TUYỆT ĐỐI AN TOÀN", "MẶT TRẬN", "MẬT KHẨU", "MẬT ONG", "MẶT TRƯỚC", "MẬT ĐỘ", "MẤT SỐ", "TUYỆT TÁC", "TỐI THIỂU",
    "TUYỆT ĐỐI CẤM LỬA", "MẶT CẮT A-A", "THƯỜNG", "KHẨU PHẦN", "MẶT BẰNG", "TUYỂN MỘ", "TỐI ĐA", "BẢO MẬT",
)  # fmt: skip
STAMPED = (
    "DỰ THẢO", "LƯU", "SAO Y", "SAO LỤC", "ĐÃ KIỂM TRA", "ĐÃ THU TIỀN", "BẢN CHÍNH", "HẾT HIỆU LỰC", "ĐÃ NHẬP MÁY",
    "LƯU HÀNH NỘI BỘ", "XEM XONG TRẢ LẠI", "THƯ VIỆN", "KHO LƯU TRỮ", "ĐÃ ĐỐI CHIẾU", "KHÔNG PHỔ BIẾN", "BẢN GỐC",
    "ĐÃ THANH TOÁN", "HÀNG MẪU", "ĐÃ HỦY", "TRẢ LẠI", "MẶT TRẬN", "TUYỆT ĐỐI", "MIỄN PHÍ", "PHÒNG KẾ TOÁN", "TỐI KHẨN",
    "CHỜ DUYỆT", "ĐỂ BÁO CÁO", "GIÁM ĐỐC", "VĂN THƯ", "TM. BAN GIÁM ĐỐC", "KCS ĐẠT", "MẪU", "BÌ MẪU", "THU LỆ PHÍ",
)  # fmt: skip
GOODS = (
    "Xi măng lò đứng", "Dây đồng trần", "Vải bạt", "Ngói móc", "Gỗ lim xẻ", "Muối hạt", "Đinh 7 phân", "Than cám",
    "Mật ong rừng", "Dầu hỏa", "Chè búp khô", "Lưới cước", "Giấy pơ-luya", "Mực in rô-nê-ô", "Bóng đèn 60W", "Mật mía",
)  # fmt: skip
NOTES = (
    "Chuyển đ/c Khuê nghiên cứu", "Đã xem", "Lưu hồ sơ", "Hỏi lại kho", "Gấp, trả lời trước thứ sáu", "Sai số liệu?",
    "Đồng ý, giao phòng kỹ thuật", "Thiếu chữ ký", "Bổ sung phụ lục", "Không photo", "Trình lại sau",
    "Kiểm tra lại dòng 4",
)  # fmt: skip
DICTIONARY = (
    ("mật", "chất nước ngọt do ong hút nhụy hoa làm ra; ngọt như mật."),
    ("mật độ", "số lượng trên một đơn vị diện tích; mật độ dân cư."),
    ("mật khẩu", "lời quy ước để nhận ra nhau; hỏi mật khẩu ở vọng gác."),
    ("mật thiết", "gắn bó chặt chẽ, không tách rời nhau."),
    ("tuyệt đối", "hoàn toàn, không có gì hạn chế; tuyệt đối im lặng."),
    ("tuyệt mật", "hết sức bí mật, không được để lộ ra ngoài; tài liệu tuyệt mật."),
    ("tuyệt tác", "tác phẩm hay, đẹp đến mức không còn có thể hơn."),
    ("tối mật", "rất bí mật, dưới mức tuyệt mật."),
    ("tối tân", "rất mới, rất hiện đại; máy móc tối tân."),
    ("mặt trận", "nơi diễn ra chiến sự; tổ chức liên minh rộng rãi."),
    ("khẩn", "cần làm ngay; công văn khẩn, điện thượng khẩn."),
)  # fmt: skip

_SLOT = re.compile(r"\{(\w)\}")


def pick(rng: Rng, of: tuple[str, ...]) -> str:
    """One of several."""
    return of[int(rng.integers(len(of)))]


def person(rng: Rng) -> str:
    """An invented name."""
    return f"{pick(rng, FAMILY)} {pick(rng, MIDDLE)} {pick(rng, GIVEN)}"


def date(rng: Rng, style: int | None = None) -> str:
    """A day, written in one of four ways."""
    d, m, y = int(rng.integers(1, 29)), int(rng.integers(1, 13)), int(rng.integers(1958, 2026))
    ways = (f"{d:02}/{m:02}/{y}", f"{d}-{m}-{y}", f"ngày {d:02} tháng {m} năm {y}", f"{d:02}.{m:02}.{y % 100:02}")
    return ways[int(rng.integers(4)) if style is None else style]


def filled(rng: Rng, template: str) -> str:
    """A sentence with its slots filled: number, small number, date, person, place, year."""
    values = {
        "n": lambda: str(rng.integers(21, 980)),
        "m": lambda: str(rng.integers(2, 19)),
        "d": lambda: date(rng, 0),
        "p": lambda: person(rng),
        "q": lambda: pick(rng, PLACES),
        "y": lambda: str(rng.integers(1961, 2026)),
    }
    return _SLOT.sub(lambda found: values[found[1]](), template)


def sentence(rng: Rng, trap: float) -> str:
    """One sentence; with chance ``trap`` it speaks of secrets."""
    return filled(rng, pick(rng, TRAPS if rng.random() < trap else SENTENCES))


def prose(rng: Rng, sentences: int, trap: float) -> str:
    """A paragraph."""
    return " ".join(sentence(rng, trap) for _ in range(sentences))


def heading(rng: Rng, trap: float) -> str:
    """A title in capitals, never the words of a level alone."""
    return filled(rng, pick(rng, TRAP_HEADINGS if rng.random() < trap else HEADINGS))


def number(rng: Rng) -> str:
    """A document's number and symbol."""
    symbol = pick(rng, ("CV-KT", "QĐ-HC", "BC-VT", "TB", "KH-ĐĐ", "TTr-LT", "CV/TC", "NQ-BQT", "GM"))
    return f"{rng.integers(1, 1900)}/{symbol}"
